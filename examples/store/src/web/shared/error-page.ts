/** The page of an error: what does not exist, what is not allowed, and what went wrong. */
import { type ErrorPage, html } from "@overwire/server";
import { stylesheet } from "./assets.ts";
import { document } from "./document.ts";

const page = document([stylesheet("accounts/accounts.css")]);

/** For errors that only tell their status. */
const TITLES: Readonly<Record<string, string>> = {
  Forbidden: "This is not open to you",
  "Not Found": "There is no such page",
};

export const errorPage: ErrorPage = ({ status, message, error }) => {
  const title = TITLES[message] ?? message;
  return page({
    title,
    children: html`
      <header class="site"><a class="brand" href="/">Overwire Store</a></header>
      <main id="content">
        <section class="narrow card stack">
          <p class="hint">${status}</p>
          <h1>${title}</h1>
          ${error instanceof Error && html`<pre>${error.stack}</pre>`}
          <p><a class="button primary" href="/">To the shop</a></p>
        </section>
      </main>`,
  });
};
