/** A session that a view has set: the page asks for its cookies by a ticket, and tells the view when it has them. */
import { findAll, invoke } from "../dom/native.ts";
import { ATTR_TOKEN, SESSION } from "../wire/constants.ts";
import { keepDrafts } from "./drafts.ts";
import type { Socket } from "./socket.ts";

interface SessionHost {
  readonly win: Window & typeof globalThis;
  readonly prefix: string;
  readonly socket: Pick<Socket, "send">;
}

/** @param url "" if the session has ended; else that of the app's answer, which sets the cookies and has the tokens of the page's views for the new visitor */
export async function fetchSession(
  { win, prefix, socket }: SessionHost,
  url: string,
  ticket: string,
): Promise<void> {
  if (!url) return keepDrafts(win, prefix);
  const views = findAll(win.document, `[${ATTR_TOKEN}]`);
  const tokens = views.map((el) => invoke(el, "getAttribute", ATTR_TOKEN));
  try {
    const answer = await win.fetch(url, { method: "POST", body: JSON.stringify([ticket, ...tokens]) });
    const renewed: string[] = answer.ok ? await answer.json() : [];
    for (const [index, el] of views.entries())
      if (renewed[index] && invoke(el, "getAttribute", ATTR_TOKEN) === tokens[index])
        invoke(el, "setAttribute", ATTR_TOKEN, renewed[index]);
  } catch {
    // The view learns from the server that nothing was fetched.
  }
  socket.send([SESSION, ticket]);
}
