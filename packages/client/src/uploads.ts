/** File uploads: loaded when a page has an input for them. */
export { startUploads } from "./uploads/start.ts";
export type * from "./uploads/types.ts";
