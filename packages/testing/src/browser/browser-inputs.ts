/** Inputs as browsers have them, in cases in which happy-dom's differ. */
import type { HTMLInputElement, Window } from "happy-dom";
import { isDisabledControl } from "../forms/form-data.ts";
import { readNumber } from "../forms/quantities.ts";

const measured = /^(number|date|month|week|time|datetime-local)$/;

/** Mends happy-dom's class of inputs, which all windows share: to be called once. */
export function mendInputClass({ HTMLInputElement }: Window): void {
  const input = HTMLInputElement.prototype;
  const { dispatchEvent } = input;
  input.dispatchEvent = function (this: HTMLInputElement, event) {
    const goesOn = dispatchEvent.call(this, event);
    // To happy-dom an image is no button.
    const isPressed = this.type === "image" && event.type === "click" && "clientX" in event;
    if (isPressed && goesOn && this.isConnected && !isDisabledControl(this)) this.form?.requestSubmit(this);
    return goesOn;
  };
  const value = Object.getOwnPropertyDescriptor(input, "value") as Required<PropertyDescriptor>;
  Object.defineProperty(input, "value", {
    ...value,
    set(this: HTMLInputElement, given: unknown) {
      value.set.call(this, given);
      if (!measured.test(this.type)) return;
      const text = String(given ?? "");
      const isOne = readNumber(this.type, text) !== undefined;
      if (isOne && this.value === "") setAsText(this, text, value.set);
      // happy-dom takes a number with anything after it.
      else if (!isOne && this.value !== "") value.set.call(this, "");
    },
  });
}

/** happy-dom drops values out of bounds, or later than the year 9999. */
function setAsText(input: HTMLInputElement, text: string, set: (value: string) => void): void {
  Object.defineProperty(input, "type", { configurable: true, value: "text" });
  set.call(input, text);
  delete (input as { type?: string }).type;
}
