/** `@overwire/testing`: drive live views in tests, without a browser. */
export type { AssertOptions } from "./assertions.ts";
export type { OnError, Severity } from "./checks.ts";
export { type DisconnectOptions, LiveDriver } from "./driver.ts";
export { type Key, LiveElement } from "./element.ts";
export type { FormValue, FormValues } from "./fields.ts";
export { LiveFileInput, UploadError } from "./file-input.ts";
export type { TestFile } from "./files.ts";
export type { TextFilter } from "./find.ts";
export { LiveForm } from "./form.ts";
export {
  type ClientOptions,
  type CommonOptions,
  type LiveOptions,
  live,
  type OpenedRedirect,
  type PageOptions,
  RedirectError,
} from "./live.ts";
export type { Opener } from "./open-browser.ts";
export { closeAll } from "./open-pages.ts";
export { PlainPage } from "./plain-page.ts";
export { renderComponent } from "./render-component.ts";
export { LiveTarget } from "./target.ts";
export type { Flash, Redirect } from "./trail.ts";
