/**
 * Photos in a folder of this machine: a new one for each start of the server, deleted at its end; or the one that the environment
 * names, which several nodes may share.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { copyFile, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TempFile } from "@overwire/server";
import type { Photo, PhotoStore } from "./photos.ts";

let made: string | undefined;

/** Made when it is needed. */
export function folder(): string {
  made ??= process.env["ALBUM_FOLDER"];
  if (made) return made;
  const path = mkdtempSync(join(tmpdir(), "overwire-album-"));
  process.once("exit", () => rmSync(path, { recursive: true, force: true }));
  made = path;
  return path;
}

/** Nothing of a path comes from a browser: ids are made here. */
const pathOf = ({ id }: Photo) => join(folder(), id);

export const photoFolder: PhotoStore<TempFile> = {
  origins: [],

  async keep(photo, { path }) {
    await copyFile(path, pathOf(photo));
    return true;
  },

  async show(photo) {
    const file = await readFile(pathOf(photo)).catch(() => undefined);
    return (
      file &&
      new Response(new Uint8Array(file), {
        headers: {
          // The accepted type, whatever the content, and no browser is to guess another.
          "content-type": photo.type,
          "x-content-type-options": "nosniff",
          "cache-control": "private, max-age=3600",
        },
      })
    );
  },

  remove: (photo) => rm(pathOf(photo), { force: true }),
};
