/** Files that an upload accepts, by their names and types. */
import mime from "mime";

const wildcards = ["audio/*", "image/*", "video/*"];

const HOW = `Give a list of file extensions (".jpg"), MIME types ("image/jpeg") and ${wildcards.map((one) => `"${one}"`).join(", ")}, or "any" for all files.`;

export class Accept {
  /** As an attribute of a file input; undefined if any file may be chosen. */
  readonly attribute: string | undefined;
  readonly #extensions = new Set<string>();
  readonly #types = new Set<string>();
  readonly #families: string[] = [];

  /** @throws TypeError if it is neither a list of extensions and types nor `any` */
  constructor(accept: unknown) {
    if (accept === "any") return;
    if (accept === undefined) {
      throw new TypeError(`The accept option is required when allowing uploads. ${HOW}`);
    }
    if (!Array.isArray(accept) || accept.length === 0) throw invalid(accept);
    for (const one of accept as unknown[]) this.#add(one);
    this.attribute = accept.join(",");
  }

  /** Tells if a file fits one of the list: its type does, or its extension. */
  includes(name: string, type: string): boolean {
    if (this.attribute === undefined) return true;
    const [essence = ""] = type.toLowerCase().split(";");
    return (
      this.#types.has(essence.trim()) ||
      this.#families.some((family) => essence.startsWith(family)) ||
      this.#extensions.has(extensionOf(name))
    );
  }

  #add(one: unknown): void {
    if (typeof one !== "string") throw invalid(one);
    const text = one.toLowerCase();
    if (wildcards.includes(text)) this.#families.push(text.slice(0, -1));
    else if (/^\.[^./\\\s,]+$/.test(text)) {
      const type = mime.getType(text.slice(1));
      if (!type) {
        throw new TypeError(
          `Invalid accept filter provided to allowUpload: nothing is known of the file extension "${one}". Give its MIME type instead, or "any" and check the name in validator.`,
        );
      }
      this.#extensions.add(text);
      // Not every browser's name for a file has the extension that the user knows.
      this.#types.add(type);
    } else if (/^[\w!#$&^.+-]+\/[\w!#$&^.+-]+$/.test(text)) this.#types.add(text);
    else throw invalid(one);
  }
}

const invalid = (accept: unknown) =>
  new TypeError(
    `Invalid accept filter provided to allowUpload: ${JSON.stringify(accept) ?? String(accept)}. ${HOW}`,
  );

function extensionOf(name: string): string {
  const dot = name.lastIndexOf(".");
  return dot > 0 ? name.slice(dot).toLowerCase() : "";
}
