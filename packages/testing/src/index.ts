/** `@overwire/testing`: drive live views and channels in tests, without a browser. */

export type { Opener } from "./browser/open-browser.ts";
export { UnansweredError } from "./browser/reaching.ts";
export {
  ChannelDriver,
  type ExpectedPayload,
  type PresenceMessages,
  type PushName,
  type PushPayload,
} from "./channels/channel-driver.ts";
export { SocketDriver, type SocketEnd } from "./channels/socket-driver.ts";
export { ConnectError, type ConnectOptions, connect } from "./connect.ts";
export type { Double, DoubleControl, ExpectOptions } from "./double/contract.ts";
export { control, double } from "./double/double.ts";
export { DoubleError } from "./double/part.ts";
export type { AssertOptions } from "./driver/assertions.ts";
export { type DisconnectOptions, LiveDriver } from "./driver/driver.ts";
export { type Key, LiveElement } from "./driver/element.ts";
export { LiveFileInput, UploadError } from "./driver/file-input.ts";
export type { TextFilter } from "./driver/find.ts";
export { LiveForm } from "./driver/form.ts";
export { PlainPage } from "./driver/plain-page.ts";
export { LiveTarget } from "./driver/target.ts";
export { evaluateLate, mergeAttributes } from "./factory/attributes.ts";
export { type FactoryOptions, factory } from "./factory/factory.ts";
export { FactoryError } from "./factory/factory-error.ts";
export { resetSequences, type Sequence, type SequenceOptions, sequence } from "./factory/sequence.ts";
export type {
  Attribute,
  Attributes,
  Factory,
  FactoryTools,
  Given,
  Insert,
  StringParam,
  StringParams,
  StringParamsOf,
  StringParamsWithForeignKeys,
} from "./factory/types.ts";
export type { FormValue, FormValues } from "./forms/fields.ts";
export {
  type ClientOptions,
  type CommonOptions,
  type LiveOptions,
  live,
  type OpenedRedirect,
  type PageOptions,
  RedirectError,
} from "./live.ts";
export type { TestFile } from "./page/files.ts";
export type { Flash, Redirect } from "./page/navigation-log.ts";
export { closeAll } from "./page/open-pages.ts";
export type { OnError, Severity } from "./page/page-lint.ts";
export { renderComponent } from "./render-component.ts";
export type {
  Associations,
  Loaded,
  NewRow,
  Query,
  Repo,
  RowOf,
  Table,
  Where,
} from "./repo/contract.ts";
export { type MemoryRepoOptions, type MemoryTable, memoryRepo } from "./repo/memory-repo.ts";
export { RepoError, type RepoErrorCode } from "./repo/repo-error.ts";
export { stubQuery } from "./repo/stub-query.ts";
export { assertErrorSent } from "./request/error-sent.ts";
export type {
  Fields,
  FieldValue,
  Parts,
  PartValue,
  RequestContent,
  SentFile,
} from "./request/request-body.ts";
export { RequestError, ResponseError } from "./request/request-errors.ts";
export type { AssertedRedirect, TestResponse } from "./request/test-response.ts";
export type { RequestOptions, Visitor } from "./request/visitor.ts";
export { request, type VisitorOptions } from "./request.ts";
export { verifyAll } from "./runner/current-test.ts";
export { withDoubles } from "./runner/test-hooks.ts";
