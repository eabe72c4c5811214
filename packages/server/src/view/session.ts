/** Data of a user and of a page that an app types by augmenting them. */

/** An app's data of a user between requests. Augment it with your own fields. */
// biome-ignore lint/suspicious/noEmptyInterface: apps augment it
export interface Session {}

/** Values that `onMount` hooks hand to the views of an app. Augment it with your own fields. */
// biome-ignore lint/suspicious/noEmptyInterface: apps augment it
export interface ViewContext {}
