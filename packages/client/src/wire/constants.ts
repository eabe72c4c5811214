/** The one place for names that server and client must spell alike: attributes, classes, frame kinds, close codes. */

/** Paths of the app's WebSocket and client, below the app's base path. */
export const SOCKET_PATH = "/overwire/socket";
export const CLIENT_PATH = "/overwire/client";
/** Path at which a page fetches the cookies of a session that its view has set, by a ticket. */
export const SESSION_PATH = "/overwire/session";

/** Attributes the server writes on the element that contains a view. */
export const ATTR_TOKEN = "data-ow-view";
export const ATTR_SOCKET = "data-ow-socket";
/** Beside {@link ATTR_TOKEN} on a nested view that outlives navigation. */
export const ATTR_STICKY = "data-ow-sticky";
/** On a link: `navigate` or `patch`. */
export const ATTR_LINK = "data-ow-link";
/** On a link: takes the place of the current entry of the history. */
export const ATTR_REPLACE = "data-ow-replace";
/** In HTML in place of `style`, which a strict policy blocks there: the client sets it through the CSSOM. */
export const ATTR_STYLE = "data-ow-style";
/** On an element that is shown elsewhere in the page: the selector of its place. */
export const ATTR_PORTAL = "data-ow-portal";
/** On the element that contains a view whose connection has been lost for a while: `reconnecting`. */
export const ATTR_STATE = "data-ow-state";
/** Attribute that only ever stands in a detached tree on its way into the page: which part of which instance this is. */
export const ATTR_MARK = "data-ow-mark";
/** Beside {@link ATTR_MARK}: nothing below this element changed, keep what the page has. */
export const ATTR_KEEP = "data-ow-keep";

/** Marks in the statics of a template: after the name of an element that the client can patch on its own, and after its end. */
export const MARK_OPEN = "\uFDD0";
export const MARK_CLOSE = "\uFDD1";

/** State of the connection, as classes on the element that contains the view. */
export const CLASS_LOADING = "phx-loading";
export const CLASS_CONNECTED = "phx-connected";
export const CLASS_ERROR = "phx-error";
export const CLASS_CLIENT_ERROR = "phx-client-error";
export const CLASS_SERVER_ERROR = "phx-server-error";

/** Kinds of frames, the first entry of each message. */
export const JOIN = "j";
export const EVENT = "e";
export const FORM = "f";
export const NAVIGATE = "n";
export const LEAVE = "l";
/** The newest patch that the client has shown. */
export const ACK = "a";
export const HEARTBEAT = "h";
/** The page has fetched the session of a ticket, or cannot. As a navigation: the page is to fetch it. */
export const SESSION = "s";
export const PATCH = "p";
export const END = "x";
export const CHUNK = "b";

/** Begins the names of the client's own events. */
export const OWN = "ow:";
/** Live components that left with items of a stream: `{ c: numbers, s: the last patch that was shown }`. */
export const OWN_GONE = "ow:gone";
/** Takes the place of an event that is larger than a message may be, under its ref: `{ e: name, s: bytes }`. */
export const OWN_LARGE = "ow:large";
/** Events of an upload, `{ upload: ref, … }`: files were chosen, are to be sent, are being sent elsewhere. */
export const OWN_FILES = "ow:files";
export const OWN_START = "ow:start";
export const OWN_PROGRESS = "ow:progress";

/** Bytes that a client's message may have, unless a join says otherwise. */
export const MESSAGE_SIZE = 128 * 1024;

/** Cookie in which a flash travels over a full page load; signed, for one minute. */
export const FLASH_COOKIE = "ow_flash";
/** On a form field: a counter. When it changes, the server's value overwrites the user's input. */
export const ATTR_RESET = "data-ow-reset";
/** In a form's fields: precedes the last part of the name of an untouched field. */
export const UNUSED = "_unused_";

/** On a file input: the ref of its upload, its kind, and refs of entries, all of them and those that are done or have failed. */
export const ATTR_UPLOAD = "data-ow-upload";
export const ATTR_AUTO = "data-ow-auto";
export const ATTR_ENTRIES = "data-ow-entries";
export const ATTR_DONE = "data-ow-done";
export const ATTR_FAILED = "data-ow-failed";
/** On an image: the ref of the entry that it shows, and that of its upload. */
export const ATTR_PREVIEW = "data-ow-preview";
export const ATTR_PREVIEW_OF = "data-ow-of";

/** WebSocket close codes beyond the standard ones. */
export const CLOSE_MALFORMED = 4400;
export const CLOSE_TOO_MANY = 4429;
/** The server stops, and its clients are sent to other nodes one after the other: each comes back at once. */
export const CLOSE_MOVED = 4010;
/** A client has found the connection dead, and comes back for its views. */
export const CLOSE_LOST = 4001;
/** The session has ended: views do not go on, and a client that comes back is identified by its current cookies. */
export const CLOSE_DISCONNECTED = 4401;
/** The client does not read what is pushed to it; it may come back for its views. */
export const CLOSE_SLOW = 4408;
