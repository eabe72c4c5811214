/** Lists that tell when the user has scrolled to their ends: the first scroll loads the code for it. */
import { findAll } from "../dom/native.ts";
import type { Host } from "./host.ts";

type Load = () => Promise<{ watchViewport(host: Host): (target: EventTarget | null) => void }>;

export function watchScrolling(host: Host, load: Load): void {
  const { win, prefix } = host;
  const begin = ({ target }: Event) => {
    if (!findAll(win.document, `[${prefix}viewport-top],[${prefix}viewport-bottom]`)[0]) return;
    win.removeEventListener("scroll", begin, true);
    load().then(
      ({ watchViewport }) => watchViewport(host)(target),
      // A page that is offline asks again with the next scroll.
      () => win.addEventListener("scroll", begin, true),
    );
  };
  // Scroll events of elements do not bubble, but can be caught on their way.
  win.addEventListener("scroll", begin, true);
}
