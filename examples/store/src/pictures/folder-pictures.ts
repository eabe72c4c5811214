/** Pictures in a folder of this machine. */
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { isPictureName, type Pictures } from "./pictures.ts";

/** The folder is made when the first picture is saved. */
export function folderPictures(folder: string): Pictures {
  const pathOf = (name: string) => {
    if (!isPictureName(name)) throw new TypeError(`${JSON.stringify(name)} is no name of a picture.`);
    return join(folder, name);
  };
  return {
    async save(name, bytes) {
      const path = pathOf(name);
      await mkdir(folder, { recursive: true });
      // A process that is killed leaves no half picture.
      await writeFile(`${path}.part`, bytes);
      await rename(`${path}.part`, path);
    },
    async read(name) {
      try {
        return await readFile(pathOf(name));
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
        throw error;
      }
    },
    delete: (name) => rm(pathOf(name), { force: true }),
  };
}
