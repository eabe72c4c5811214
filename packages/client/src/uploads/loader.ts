/** Uploads, from before they are loaded: a page that has a file input of an upload loads them, and nothing is lost meanwhile. */
import type { Host } from "../bindings/host.ts";
import { invoke, read } from "../dom/native.ts";
import { ATTR_UPLOAD } from "../wire/constants.ts";
import type { Uploads, UploadsHost } from "./uploads.ts";

type Load = () => Promise<{ startUploads(host: UploadsHost): Uploads }>;

export interface UploadsLoader extends Uploads {
  /** The page has an input for files. */
  need(): void;
}

/** @param load brings the code that does the work */
export function createUploadsLoader(host: Host & UploadsHost, load: Load): UploadsLoader {
  const { win } = host;
  let loaded: Uploads | undefined;
  let needed = false;
  let loading = false;
  /** Files from hooks and submits of users that came too early. */
  let early: (() => void)[] = [];

  const hasFiles = (form: HTMLFormElement) =>
    [...read(form, "elements")].some(
      (el) => invoke(el, "hasAttribute", ATTR_UPLOAD) && (el as HTMLInputElement).files?.length,
    );
  const hold = (event: Event) => {
    const target = event.target as HTMLFormElement;
    const isSubmit = event.type === "submit";
    if (loaded || !(isSubmit ? hasFiles(target) : invoke(target, "hasAttribute", ATTR_UPLOAD))) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const { type, bubbles, cancelable, detail } = event as CustomEvent;
    const { submitter } = event as SubmitEvent;
    early.push(() => {
      if (isSubmit) invoke(target, "requestSubmit", submitter);
      else invoke(target, "dispatchEvent", new win.CustomEvent(type, { bubbles, cancelable, detail }));
    });
  };
  const held = ["track-uploads", "submit"];
  for (const type of held) win.addEventListener(type, hold, true);

  const begin = () => {
    if (loading) return;
    loading = true;
    load().then(
      ({ startUploads }) => {
        loaded = startUploads(host);
        for (const type of held) win.removeEventListener(type, hold, true);
        loaded.settle();
        for (const run of early) run();
        early = [];
      },
      // A page that is offline asks again with its next change.
      () => {
        loading = false;
      },
    );
  };

  return {
    need() {
      needed = true;
      if (!loaded) begin();
    },
    settle() {
      if (loaded) loaded.settle();
      else if (needed) begin();
    },
    acked: (frame) => loaded?.acked(frame),
    lost: () => loaded?.lost(),
    joined: (view, resumed) => loaded?.joined(view, resumed),
    get busy() {
      return loaded ? loaded.busy : loading;
    },
  };
}
