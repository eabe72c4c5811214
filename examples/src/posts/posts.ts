/** Posts that appear in every tab: a stream that follows a topic. The server keeps no list for each user. */
import { html, LiveView } from "@overwire/server";
import { z } from "zod";
import {
  addPost,
  deletePost,
  editPost,
  findPost,
  KEPT,
  latestPosts,
  type Post,
  type PostChange,
  postChanged,
  postsLearned,
} from "./post-store.ts";

const time = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" });

const LONGEST = 280;
const text = z.string().trim().max(LONGEST);
const onPost = z.object({ id: z.string() });

export class Posts extends LiveView {
  posts = this.stream<Post>();
  /** Posts that this user is editing. */
  editing = new Set<string>();

  mount() {
    this.subscribe(postChanged, (change) => this.follow(change));
    this.subscribe(postsLearned, () => this.posts.reset(latestPosts()));
    this.posts.insertMany(latestPosts());
  }

  private follow({ kind, post }: PostChange) {
    if (kind === "written") this.posts.insert(post, { at: 0, limit: KEPT });
    else if (kind === "edited") this.posts.insert(post, { updateOnly: true });
    else {
      this.posts.delete(post);
      this.editing.delete(post.id);
    }
  }

  write = this.event(z.object({ text }), ({ text }) => {
    if (text) this.publish(postChanged, { kind: "written", post: addPost(text) });
  });

  edit = this.event(onPost, ({ id }) => {
    this.setEditing(id, true);
    this.pushEvent("focus", { id: `editor-${id}` });
  });

  cancel = this.event(onPost, ({ id }) => this.stopEditing(id));

  save = this.event(z.object({ id: z.string(), text }), ({ id, text }) => {
    if (!text) return;
    const post = editPost(id, text);
    this.stopEditing(id);
    if (post) this.publish(postChanged, { kind: "edited", post });
  });

  remove = this.event(onPost, ({ id }) => {
    const post = deletePost(id);
    if (post) this.publish(postChanged, { kind: "deleted", post });
  });

  private stopEditing(id: string) {
    this.setEditing(id, false);
    this.pushEvent("focus", { id: `edit-${id}` });
  }

  /** An item of a stream is rendered when it is put in, so a post that is to look different is put in again. */
  private setEditing(id: string, isEditing: boolean) {
    const post = findPost(id);
    if (!post) return;
    if (isEditing) this.editing.add(id);
    else this.editing.delete(id);
    this.posts.insert(post, { updateOnly: true });
  }

  render() {
    return html`
      <div class="board">
        <form id="write" class="card" phx-submit=${this.write}>
          <textarea name="text" aria-label="New post" placeholder="What is new?" maxlength=${LONGEST} required></textarea>
          <button class="primary">Post</button>
        </form>
        <ul id="posts" phx-update="stream">
          ${this.posts.each((id, post) => this.post(id, post))}
          <li id="no-posts" class="empty">Nobody has written anything yet.</li>
        </ul>
      </div>`;
  }

  private post(id: string, post: Post) {
    return html`
      <li id=${id} class="card post">
        ${this.editing.has(post.id) ? this.editor(post) : this.reader(post)}
      </li>`;
  }

  private reader({ id, text, at, edited }: Post) {
    return html`
      <p class="words">${text}</p>
      <footer>
        <small><time datetime=${at.toISOString()}>${time.format(at)}</time> ${edited && "edited"}</small>
        <button id="edit-${id}" class="quiet" phx-click=${this.edit({ id })} aria-label="Edit “${text}”">Edit</button>
        <button class="quiet" phx-click=${this.remove({ id })} aria-label="Delete “${text}”">Delete</button>
      </footer>`;
  }

  private editor({ id, text }: Post) {
    return html`
      <form id="save-${id}" phx-submit=${this.save}>
        <input type="hidden" name="id" value=${id}>
        <textarea id="editor-${id}" name="text" aria-label="Post" maxlength=${LONGEST} required
          phx-keydown=${this.cancel({ id })} phx-key="Escape">${text}</textarea>
        <footer>
          <button type="button" class="quiet" phx-click=${this.cancel({ id })}>Cancel</button>
          <button class="primary">Save</button>
        </footer>
      </form>`;
  }
}
