/** The error of an option of `createApp` that its types do not allow: JavaScript, or a value out of a file, may give it. */

/** @returns an error with the code `invalid_option` */
export const invalidOption = (message: string): TypeError =>
  Object.assign(new TypeError(message), { code: "invalid_option" });
