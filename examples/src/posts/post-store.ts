/** The posts. All who have the page open share them, on all nodes, so they live beside the views. */
import { randomUUID } from "node:crypto";
import { topic } from "@overwire/server";
import { catchUp } from "../shared/late-node.ts";
import { pubsub } from "../shared/pubsub.ts";

export interface Post {
  readonly id: string;
  readonly text: string;
  readonly at: Date;
  readonly edited: boolean;
}

export interface PostChange {
  readonly kind: "written" | "edited" | "deleted";
  readonly post: Post;
}

/** Published at every change. */
export const postChanged = topic<PostChange>("posts");

/** Older posts are forgotten. */
export const KEPT = 50;

/** The same on each node. */
const WELCOME = "welcome";
const welcome = [
  "Anybody may write, edit and delete here. The others see it at once.",
  "Open this page in a second tab, and put the two side by side.",
].map((text, index) => ({ id: `${WELCOME}-${index}`, text, at: new Date(), edited: false }));

let posts: readonly Post[] = welcome;

/** The newest first. */
export const latestPosts = (): readonly Post[] => posts;

export const findPost = (id: string): Post | undefined => posts.find((post) => post.id === id);

export function addPost(text: string): Post {
  const post = { id: randomUUID(), text, at: new Date(), edited: false };
  keep(post);
  return post;
}

/** @returns the new post; undefined if it is gone */
export function editPost(id: string, text: string): Post | undefined {
  const post = findPost(id);
  if (!post) return undefined;
  const edited = { ...post, text, edited: true };
  replace(edited);
  return edited;
}

/** @returns the post that was deleted; undefined if it was gone already */
export function deletePost(id: string): Post | undefined {
  const post = findPost(id);
  posts = posts.filter((other) => other !== post);
  return post;
}

function keep(post: Post): void {
  posts = [post, ...posts].slice(0, KEPT);
}

function replace(post: Post): void {
  posts = posts.map((other) => (other.id === post.id ? post : other));
}

// Changes of other nodes. Subscribed before any view, so that a view that hears of a change finds it here.
pubsub.subscribe(postChanged, ({ kind, post }) => {
  if (kind === "deleted") deletePost(post.id);
  else if (findPost(post.id)) replace(post);
  else if (kind === "written") keep(post);
});

/** Published when this node has learned of the posts that others had before. */
export const postsLearned = catchUp("posts", latestPosts, (known) => {
  // The others may have deleted the welcome already.
  const isNew = ({ id }: Post) => !id.startsWith(WELCOME) && !known.some((post) => post.id === id);
  posts = [...posts.filter(isNew), ...known].slice(0, KEPT);
});
