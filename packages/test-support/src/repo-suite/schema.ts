/** Tables of the contract, their associations, and queries by name. */
import type { Table } from "@overwire/testing";

export interface User {
  id: number;
  email: string;
  name: string;
  age: number | null;
  role: "admin" | "member";
  joinedAt: Date;
  settings: { readonly theme?: string; readonly tags?: string[] };
  posts?: Post[];
  profile?: Profile | null;
}
export type NewUser = Pick<User, "email" | "name"> &
  Partial<Pick<User, "id" | "age" | "role" | "joinedAt" | "settings">>;
export interface Post {
  id: number;
  authorId: number;
  slug: string;
  lang: string;
  title: string;
  author?: User;
  comments?: Comment[];
}
export interface Profile {
  userId: number;
  bio: string;
  user?: User;
}
export interface Comment {
  id: string;
  postId: number;
  editorId: number | null;
  body: string;
  post?: Post;
  editor?: User | null;
}
export interface Schema {
  users: Table<User, NewUser>;
  posts: Post;
  profiles: Profile;
  comments: Comment;
}
export interface Queries {
  longestTitles(limit: number): string[];
  unknown(text: string): number;
}

/** Associations of the schema, as both kinds of repo take them. */
export const associations = {
  users: {
    hasMany: { posts: { table: "posts", by: "authorId" } },
    hasOne: { profile: { table: "profiles", by: "userId" } },
  },
  posts: {
    belongsTo: { author: { table: "users", by: "authorId" } },
    hasMany: { comments: { table: "comments", by: "postId" } },
  },
  profiles: { belongsTo: { user: { table: "users", by: "userId" } } },
  comments: {
    belongsTo: {
      post: { table: "posts", by: "postId", onDelete: "cascade" },
      editor: { table: "users", by: "editorId", onDelete: "setNull" },
    },
  },
} as const;
