/** A folder for one process: two PGlite in the same one would spoil its data. */
import { readFile, rm, writeFile } from "node:fs/promises";

/**
 * Takes a file until this process ends, however it ends.
 * @returns a function that lets go of it
 * @throws Error if another process has it
 */
export async function lock(file: string): Promise<() => Promise<void>> {
  const write = () => writeFile(file, String(process.pid), { flag: "wx" });
  try {
    await write();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    const owner = Number(await readFile(file, "utf8"));
    if (isRunning(owner)) {
      throw new Error(
        `Process ${owner} works with the same data. Stop it, or choose another folder by STORE_DATA; if it is no store, delete ${file}.`,
      );
    }
    await rm(file, { force: true });
    await write();
  }
  return () => rm(file, { force: true });
}

/** A container gives its process the same id at each start: a file with the own id is of an earlier one. */
function isRunning(id: number): boolean {
  if (!Number.isInteger(id) || id <= 0 || id === process.pid) return false;
  try {
    return process.kill(id, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
