/** File uploads: loaded when a page has an input for them. */
export { startUploads } from "./start.ts";
export type * from "./types.ts";
