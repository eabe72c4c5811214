/** Shows a page under test to the author: a file with its HTML as it is now. */

import { spawn } from "node:child_process";
import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Element, Window } from "happy-dom";
import { withWrittenStyles } from "./styles.ts";

/** Opens a file for the author. */
export type Opener = (path: string) => unknown;

const commands: Readonly<Record<string, readonly string[]>> = {
  darwin: ["open"],
  win32: ["cmd", "/c", "start", ""],
};

const openFile: Opener = (path) => {
  const [command, ...args] = commands[process.platform] ?? ["xdg-open"];
  spawn(command as string, [...args, path], { detached: true, stdio: "ignore" })
    .on("error", () => console.log(`Open ${path} in a browser.`))
    .unref();
};

/**
 * Writes a page to a file, without scripts and with the app's own stylesheets beside it, and opens it.
 * @param element all there is to show; without it the whole page
 * @param read the app's answer to a path, undefined if it has none
 */
export async function openInBrowser(
  { document, location }: Window,
  element: Element | undefined,
  read: (url: URL) => Promise<string | undefined>,
  open: Opener = openFile,
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "overwire-"));
  const page = document.documentElement.cloneNode(true) as unknown as Element;
  if (element) page.querySelector("body")?.replaceChildren(element.cloneNode(true));
  for (const script of [...page.querySelectorAll("script")]) script.remove();
  for (const [index, link] of [...page.querySelectorAll("link[rel=stylesheet][href]")].entries()) {
    const url = new URL(link.getAttribute("href") as string, location.href);
    const text = url.origin === location.origin ? await read(url) : undefined;
    if (text === undefined) continue;
    const path = join(folder, `${index}.css`);
    await writeFile(path, text);
    link.setAttribute("href", pathToFileURL(path).href);
  }
  const path = join(folder, "page.html");
  await writeFile(path, `<!doctype html>\n${withWrittenStyles(page.outerHTML)}\n`);
  open(path);
}
