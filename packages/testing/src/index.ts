/** `@overwire/testing`: drive live views in tests, without a browser. */
export { LiveDriver } from "./driver.ts";
export { type Key, LiveElement, LiveForm } from "./element.ts";
export type { FormValue, FormValues } from "./fields.ts";
export type { TextFilter } from "./find.ts";
export { type LiveOptions, live, type PageOptions } from "./live.ts";
