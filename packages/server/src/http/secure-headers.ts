/** Headers that keep a page safe, and the Content-Security-Policy that the client and its author's scripts pass. */
import { invalidOption } from "./invalid-option.ts";

/** Sources of a directive, as in the header: `["'self'", "https://cdn.example.com"]`. `false` leaves the directive out. */
type Sources = readonly string[] | false;

type Directive =
  | "defaultSrc"
  | "scriptSrc"
  | "scriptSrcElem"
  | "scriptSrcAttr"
  | "styleSrc"
  | "styleSrcElem"
  | "styleSrcAttr"
  | "imgSrc"
  | "mediaSrc"
  | "fontSrc"
  | "connectSrc"
  | "objectSrc"
  | "baseUri"
  | "formAction"
  | "frameSrc"
  | "childSrc"
  | "workerSrc"
  | "manifestSrc"
  | "frameAncestors"
  | "sandbox"
  | "requireTrustedTypesFor"
  | "trustedTypes"
  | "upgradeInsecureRequests"
  | "reportTo"
  | "reportUri";

/** Directives that differ from the default policy, each as a whole. */
export type ContentSecurityPolicy = { readonly [Name in Directive]?: Sources | undefined };

/** Headers of all answers of an app. Text replaces a header's default, `false` leaves it out. */
export interface SecureHeadersOptions {
  readonly contentSecurityPolicy?: ContentSecurityPolicy | false | undefined;
  /** Default `nosniff`. */
  readonly xContentTypeOptions?: string | false | undefined;
  /** Default `strict-origin-when-cross-origin`. */
  readonly referrerPolicy?: string | false | undefined;
  /** Default `same-origin-allow-popups`, which leaves windows for log-in and payment their way back. */
  readonly crossOriginOpenerPolicy?: string | false | undefined;
  /** Default 180 days for this host only; over https, never for localhost. */
  readonly strictTransportSecurity?: string | false | undefined;
}

const defaultPolicy: ContentSecurityPolicy = {
  defaultSrc: ["'self'"],
  scriptSrc: ["'self'"],
  styleSrc: ["'self'"],
  connectSrc: ["'self'"],
  imgSrc: ["'self'", "data:", "blob:"],
  mediaSrc: ["'self'", "blob:"],
  fontSrc: ["'self'", "data:"],
  objectSrc: ["'none'"],
  baseUri: ["'self'"],
  formAction: ["'self'"],
  frameAncestors: ["'self'"],
};

export type HeaderRecord = Readonly<Record<string, string>>;

export const CSP = "content-security-policy";

const kebab = (name: string) => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

/** The headers of an app, made once. */
export class SecureHeaders {
  /** Headers of every answer over http, and to a host of this machine. */
  readonly plain: HeaderRecord;
  /** Headers of every answer over https. */
  readonly secure: HeaderRecord;
  readonly #policy: ContentSecurityPolicy | undefined;
  /** Policy of HTML without a nonce. */
  readonly policy: string | undefined;

  /** @throws TypeError if a policy or a header is of a kind that its type does not allow */
  constructor(option: SecureHeadersOptions | false = {}) {
    if (option !== false) checkOptions(option);
    const {
      contentSecurityPolicy = {},
      xContentTypeOptions = "nosniff",
      referrerPolicy = "strict-origin-when-cross-origin",
      crossOriginOpenerPolicy = "same-origin-allow-popups",
      strictTransportSecurity = "max-age=15552000",
    } = option === false ? none : option;
    this.plain = present({
      "x-content-type-options": xContentTypeOptions,
      "referrer-policy": referrerPolicy,
      "cross-origin-opener-policy": crossOriginOpenerPolicy,
    });
    this.secure = { ...this.plain, ...present({ "strict-transport-security": strictTransportSecurity }) };
    if (contentSecurityPolicy) {
      this.#policy = { ...defaultPolicy, ...contentSecurityPolicy };
      this.policy = policyText(this.#policy);
    }
  }

  /** The policy that lets scripts and styles with a nonce run. */
  policyWith(nonce: string): string | undefined {
    if (!this.#policy) return undefined;
    const { defaultSrc, scriptSrc = defaultSrc, styleSrc = defaultSrc } = this.#policy;
    return policyText({
      ...this.#policy,
      scriptSrc: withNonce(scriptSrc, nonce),
      styleSrc: withNonce(styleSrc, nonce),
    });
  }
}

const example = `{ imgSrc: ["'self'", "https://cdn.example.com"] }`;

/** JavaScript may give values that the types refuse: a text's letters would become directives. */
function checkOptions(options: SecureHeadersOptions): void {
  if (typeof options !== "object" || options === null || Array.isArray(options)) {
    throw invalidOption(`secureHeaders takes an object or false, but got ${JSON.stringify(options)}.`);
  }
  const { contentSecurityPolicy: policy, ...headers } = options;
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined && value !== false && typeof value !== "string")
      throw invalidOption(`secureHeaders.${name} takes text or false, but got ${JSON.stringify(value)}.`);
  }
  if (policy === undefined || policy === false) return;
  if (typeof policy !== "object" || policy === null || Array.isArray(policy)) {
    throw invalidOption(
      `contentSecurityPolicy takes directives by name, ${example}, or false, but got ${JSON.stringify(policy)}.`,
    );
  }
  for (const [name, sources] of Object.entries(policy) as [string, unknown][]) {
    const isList = Array.isArray(sources) && sources.every((each) => typeof each === "string");
    if (sources !== undefined && sources !== false && !isList) {
      throw invalidOption(
        `contentSecurityPolicy.${name} takes a list of sources, ${example}, or false, but got ${JSON.stringify(sources)}.`,
      );
    }
  }
}

const none: SecureHeadersOptions = {
  contentSecurityPolicy: false,
  xContentTypeOptions: false,
  referrerPolicy: false,
  crossOriginOpenerPolicy: false,
  strictTransportSecurity: false,
};

const present = (headers: Readonly<Record<string, string | false>>): HeaderRecord =>
  Object.fromEntries(Object.entries(headers).filter((header): header is [string, string] => !!header[1]));

const policyText = (policy: ContentSecurityPolicy): string =>
  Object.entries(policy)
    .flatMap(([name, sources]) => (sources ? [[kebab(name), ...sources].join(" ")] : []))
    .join("; ");

/** If inline code is allowed anyway, a nonce would forbid it again. */
function withNonce(sources: Sources | undefined, nonce: string): Sources | undefined {
  if (!sources || sources.includes("'unsafe-inline'")) return sources;
  return [...sources.filter((source) => source !== "'none'"), `'nonce-${nonce}'`];
}
