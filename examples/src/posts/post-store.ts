/** The posts. All who have the page open share them, so they live beside the views. */
import { topic } from "@overwire/server";

export interface Post {
  readonly id: number;
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

let posts: readonly Post[] = [];
let nextId = 1;

/** The newest first. */
export const latestPosts = (): readonly Post[] => posts;

export const findPost = (id: number): Post | undefined => posts.find((post) => post.id === id);

export function addPost(text: string): Post {
  const post = { id: nextId++, text, at: new Date(), edited: false };
  posts = [post, ...posts].slice(0, KEPT);
  return post;
}

/** @returns the new post; undefined if it is gone */
export function editPost(id: number, text: string): Post | undefined {
  const post = findPost(id);
  if (!post) return undefined;
  const edited = { ...post, text, edited: true };
  posts = posts.map((other) => (other.id === id ? edited : other));
  return edited;
}

/** @returns the post that was deleted; undefined if it was gone already */
export function deletePost(id: number): Post | undefined {
  const post = findPost(id);
  posts = posts.filter((other) => other !== post);
  return post;
}

addPost("Open this page in a second tab, and put the two side by side.");
addPost("Anybody may write, edit and delete here. The others see it at once.");
