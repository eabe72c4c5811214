/** The file input of an upload in a page under test: files are chosen in it and uploaded, as far as the test says. */
import { ATTR_FAILED, ATTR_UPLOAD, OWN_START } from "@overwire/server/wire";
import type { Element, File, HTMLInputElement } from "happy-dom";
import { showHtml, showList } from "../errors/describe.ts";
import { isDisabled } from "../forms/form-data.ts";
import { makeFiles, type TestFile } from "../page/files.ts";
import type { PageScope } from "../page/page-scope.ts";
import { findOne } from "./find.ts";

/** A file could not be uploaded. */
export class UploadError extends Error {
  /** Reasons: `too_large`, `not_accepted`, `too_many_files`, …, or `not_allowed` if the view gives none. */
  readonly codes: readonly string[];

  get code(): "upload_failed" {
    return "upload_failed";
  }

  constructor(message: string, codes: readonly string[]) {
    super(message);
    this.name = "UploadError";
    this.codes = codes;
  }
}

/**
 * A file input with the files that are chosen in it once. Nothing of them is sent until {@link upload} says
 * so, or their form is submitted. All actions reject if the page does not hold exactly one such input, or if
 * a user could not choose these files in it.
 */
export class LiveFileInput {
  readonly #scope: PageScope;
  readonly #selector: string;
  readonly #described: readonly TestFile[];
  #files: readonly File[] | undefined;

  constructor(scope: PageScope, selector: string, files: readonly TestFile[]) {
    this.#scope = scope;
    this.#selector = selector;
    this.#described = files;
  }

  /** Chooses the files, as the user does in the browser's dialog. */
  async choose(): Promise<string> {
    const { window } = this.#scope;
    const input = this.#usable();
    if (this.#described.length > 1 && !input.multiple)
      throw new Error(
        `file input ${this.#name} takes one file, got ${this.#described.length}: ${this.#names}. Several are for an upload with maxEntries.`,
      );
    const files = await this.#hold(input);
    return this.#scope.act(`choice of files in ${this.#name}`, () => {
      const list = new window.FileList();
      list.push(...files);
      input.files = list;
      for (const type of ["input", "change"]) input.dispatchEvent(new window.Event(type, { bubbles: true }));
    });
  }

  /**
   * Drops the files, which may be several for an input that takes one.
   * @param onto selector of the element that takes them. Default: the one whose `phx-drop-target` names the upload
   */
  async drop(onto?: string): Promise<string> {
    const { window, prefix } = this.#scope;
    const input = this.#usable();
    const ref = input.getAttribute(ATTR_UPLOAD);
    const target = findOne(this.#scope.roots(), onto ?? `[${prefix}drop-target="${ref}"]`);
    const files = await this.#hold(input);
    const dataTransfer = new window.DataTransfer();
    for (const file of files) dataTransfer.items.add(file);
    const details = { bubbles: true, cancelable: true, dataTransfer };
    return this.#scope.act(`drop of files on ${this.#name}`, () => {
      for (const type of ["dragenter", "dragover", "drop"])
        target.dispatchEvent(new window.DragEvent(type, details));
    });
  }

  /**
   * Uploads a file, without its form being submitted; chooses the files unless that has been done.
   * @param percent of it to send in addition, until there are 100
   * @returns the view's HTML when the app has got so much and the page shows it
   * @throws UploadError with codes, if the view does not take the file
   */
  async upload(name: string, percent = 100): Promise<string> {
    if (!(percent > 0)) throw new RangeError(`upload expects a percentage above 0, got ${percent}`);
    const index = this.#described.findIndex((file) => file.name === name);
    if (index < 0)
      throw new Error(`no file ${JSON.stringify(name)} is to be chosen, there is: ${this.#names}`);
    if (!this.#files) await this.choose();
    const { window, uploadGate } = this.#scope;
    const [file, input] = [(this.#files as File[])[index] as File, this.#usable()];
    await this.#scope.act(`upload of ${JSON.stringify(name)}`, () => {
      uploadGate.letGo(file, percent);
      input.dispatchEvent(new window.Event("ow:start-upload", { bubbles: true }));
    });
    const html = await this.#scope.rest();
    if (this.#hasFailed(file) && !uploadGate.outcome(file)?.codes.size) await this.#ask(input, file);
    this.#complain(file);
    return html;
  }

  /** Makes the files, which are the same ones if it is done again. */
  async #hold(input: HTMLInputElement): Promise<readonly File[]> {
    this.#files ??= await makeFiles(this.#scope.window, this.#described);
    for (const file of this.#files) this.#scope.uploadGate.hold(file, input);
    return this.#files;
  }

  #hasFailed(file: File): boolean {
    const { ref } = this.#scope.uploadGate.outcome(file) ?? {};
    const inputs = this.#scope.roots().flatMap((root) => [...root.querySelectorAll(`[${ATTR_FAILED}]`)]);
    return inputs.some((input) =>
      input
        .getAttribute(ATTR_FAILED)
        ?.split(",")
        .includes(ref ?? " "),
    );
  }

  /** The client knows that a file has failed and asks nothing about it; the view says why. */
  async #ask(input: Element, file: File): Promise<void> {
    const payload = {
      upload: input.getAttribute(ATTR_UPLOAD),
      entries: [this.#scope.uploadGate.outcome(file)?.ref],
    };
    await this.#scope.push(`upload of ${JSON.stringify(file.name)}`, input, OWN_START, payload);
  }

  /** @throws UploadError if the view has not accepted a file */
  #complain(file: File): void {
    const { accepted, codes } = this.#scope.uploadGate.outcome(file) ?? {};
    if (accepted && !codes?.size && !this.#hasFailed(file)) return;
    const all = codes?.size ? [...codes] : ["not_allowed"];
    const name = JSON.stringify(file.name);
    throw new UploadError(`${name} could not be uploaded with ${this.#name}: ${all.join(", ")}`, all);
  }

  get #name(): string {
    return JSON.stringify(this.#selector);
  }

  get #names(): string {
    return showList(this.#described.map(({ name }) => name));
  }

  #usable(): HTMLInputElement {
    const node = findOne(this.#scope.roots(), this.#selector) as HTMLInputElement;
    const shown = `:\n\n${showHtml(node.outerHTML)}\n`;
    if (node.localName !== "input" || node.type !== "file")
      throw new Error(`element selected by ${this.#name} is not a file input${shown}`);
    if (!node.hasAttribute(ATTR_UPLOAD))
      throw new Error(
        `file input selected by ${this.#name} is of no upload, use liveFileInput(upload)${shown}`,
      );
    if (isDisabled(node))
      throw new Error(`cannot choose files in ${this.#name} because it is disabled${shown}`);
    return node;
  }
}
