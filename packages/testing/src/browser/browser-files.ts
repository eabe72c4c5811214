/** Behaviour of browsers with files that happy-dom lacks. */
import type { File, HTMLFormElement, HTMLInputElement, Window } from "happy-dom";

type Dragged = { readonly kind: string };

/** Mends happy-dom's classes, which all windows share. */
export function mendFiles({ File, FileList, DataTransfer, HTMLFormElement }: Window): void {
  // Of a file that was not chosen with its directory.
  Object.defineProperty(File.prototype, "webkitRelativePath", { configurable: true, value: "" });
  const own = Object.getOwnPropertyDescriptors(DataTransfer.prototype);
  const { get: filesOf } = own.files as Required<PropertyDescriptor>;
  const { get: typesOf } = own.types as Required<PropertyDescriptor>;
  Object.defineProperties(DataTransfer.prototype, {
    files: {
      configurable: true,
      get() {
        const list = new FileList();
        list.push(...(filesOf.call(this) as File[]));
        return list;
      },
    },
    types: {
      configurable: true,
      get() {
        const items = [...this.items] as Dragged[];
        const types = [...(typesOf.call(this) as string[])].filter((_, at) => items[at]?.kind !== "file");
        return items.length > types.length ? [...types, "Files"] : types;
      },
    },
  });
  const { reset } = HTMLFormElement.prototype;
  HTMLFormElement.prototype.reset = function (this: HTMLFormElement) {
    reset.call(this);
    for (const input of [...this.elements] as HTMLInputElement[]) if (input.type === "file") input.value = "";
  };
}

/** Gives a window the class that happy-dom has only by name. */
export function mendDragging(window: Window): void {
  class DragEvent extends window.MouseEvent {
    readonly dataTransfer: DataTransfer | null;

    constructor(type: string, { dataTransfer = null, ...init }: DragEventInit = {}) {
      super(type, init as object);
      this.dataTransfer = dataTransfer;
    }
  }
  Object.defineProperty(window, "DragEvent", { configurable: true, value: DragEvent });
}
