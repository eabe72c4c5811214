/**
 * The API as programs speak it. `const shop = await api.as(user); await shop.listsProducts({ search: "cup" })`: the same words for the app in
 * process and for a server on a port.
 */
import type { OverwireApp } from "@overwire/server";
import { serve } from "@overwire/server/node";
import { onTestFinished } from "vitest";
import { API_PATH } from "../../src/api/document.ts";
import type { OrderAnswer, OrderDraft, OrderPageAnswer, PlacedAnswer } from "../../src/api/order-routes.ts";
import type { ProductAnswer, ProductPageAnswer } from "../../src/api/product-routes.ts";
import type { ProductDraft } from "../../src/catalogue/drafts.ts";
import type { User } from "../../src/database/schema.ts";
import type { Services } from "../../src/services/services.ts";
import { type TestStore, testStore } from "./test-store.ts";

type Send = (path: string, init: RequestInit) => Promise<Response>;

/** A way to reach an app. */
export interface Driver {
  readonly way: string;
  open(app: OverwireApp): Promise<Send>;
}

export const inProcess: Driver = {
  way: "in process",
  open: async (app) => async (path, init) => app.request(path, init),
};

export const overPort: Driver = {
  way: "over a port",
  async open(app) {
    const server = await serve(app, { port: 0, hostname: "127.0.0.1", log: false, handleSignals: false })
      .ready;
    onTestFinished(() => server.close());
    return (path, init) => fetch(`http://127.0.0.1:${server.port}${path}`, init);
  },
};

export interface TestApi extends TestStore {
  /** A program with a new token of a user. */
  as(user: User): Promise<Program>;
  withToken(token: string | undefined): Program;
}

/** A store whose API is reached by a driver. */
export async function testApi(
  driver: Driver = inProcess,
  replaced: Partial<Services> = {},
): Promise<TestApi> {
  const shop = testStore(replaced);
  const send = await driver.open(shop.app);
  const withToken = (token: string | undefined) => new Program(send, token);
  return {
    ...shop,
    withToken,
    as: async (user) => withToken((await shop.store.apiTokens.create(user, "A program of the tests")).token),
  };
}

interface Issue {
  readonly in: string;
  readonly field: string;
  readonly message: string;
}

/** An answer that is an error. */
export class ApiRefusal extends Error {
  readonly status: number;
  readonly error: string;
  readonly issues: readonly Issue[];
  readonly headers: Headers;

  constructor(answer: Answer) {
    const { error, message, issues } = answer.body as { error: string; message: string; issues?: Issue[] };
    super(message);
    this.status = answer.status;
    this.error = error;
    this.issues = issues ?? [];
    this.headers = answer.headers;
  }
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: unknown;
}

type Query = Readonly<Record<string, string | number | boolean | readonly string[]>>;

export interface Sent {
  readonly query?: Query;
  /** Text is sent as it is. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A program that uses the API. Its calls return what the answer has, and throw an {@link ApiRefusal}. */
export class Program {
  readonly #send: Send;
  readonly #token: string | undefined;

  constructor(send: Send, token: string | undefined) {
    this.#send = send;
    this.#token = token;
  }

  readsItself = () => this.#call<{ name: string; email: string; role: string }>("GET", "/me");

  listsProducts = (query: Query = {}) => this.#call<ProductPageAnswer>("GET", "/products", { query });

  /** A page of products, and the links to others: `next`, `prev`, `first`, `last`. */
  async pageOf(path: string): Promise<{ answer: ProductPageAnswer; links: Record<string, string> }> {
    const { body, headers } = await this.sends("GET", path);
    const links = (headers.get("link") ?? "").matchAll(/<([^>]+)>; rel="(\w+)"/g);
    return {
      answer: body as ProductPageAnswer,
      links: Object.fromEntries(Array.from(links, ([, path = "", rel = ""]) => [rel, path])),
    };
  }

  readsProduct = (slug: string) => this.#call<ProductAnswer>("GET", `/products/${encodeURIComponent(slug)}`);

  addsProduct = (draft: Partial<ProductDraft>) =>
    this.#call<ProductAnswer>("POST", "/products", { body: draft });

  changesProduct = (slug: string, changes: Partial<ProductDraft>) =>
    this.#call<ProductAnswer>("PATCH", `/products/${slug}`, { body: changes });

  changesStock = (slug: string, change: number) =>
    this.#call<ProductAnswer>("PATCH", `/products/${slug}/stock`, { body: { change } });

  listsOrders = (query: Query = {}) => this.#call<OrderPageAnswer>("GET", "/orders", { query });

  readsOrder = (number: string) => this.#call<OrderAnswer>("GET", `/orders/${number}`);

  /** @param key of the order; by default a new one, as a good program has */
  placesOrder = (draft: OrderDraft, key: string = crypto.randomUUID()) =>
    this.#call<PlacedAnswer>("POST", "/orders", { body: draft, headers: { "idempotency-key": key } });

  async #call<T>(method: string, path: string, sent?: Sent): Promise<T> {
    const answer = await this.sends(method, path, sent);
    if (answer.status >= 400) throw new ApiRefusal(answer);
    // The test of the document holds every answer against its schema.
    return answer.body as T;
  }

  /** Any request, also one that no program should make. */
  async sends(method: string, path: string, { query = {}, body, headers = {} }: Sent = {}): Promise<Answer> {
    const params = Object.entries(query).flatMap(([name, value]) =>
      [value].flat().map((each) => [name, String(each)]),
    );
    const search = params.length > 0 ? `?${new URLSearchParams(params)}` : "";
    const res = await this.#send(path.startsWith(API_PATH) ? path : API_PATH + path + search, {
      method,
      headers: {
        ...(this.#token !== undefined && { authorization: `Bearer ${this.#token}` }),
        ...(body !== undefined && { "content-type": "application/json" }),
        ...headers,
      },
      ...(body !== undefined && { body: typeof body === "string" ? body : JSON.stringify(body) }),
    });
    const text = await res.text();
    return { status: res.status, headers: res.headers, body: text === "" ? undefined : JSON.parse(text) };
  }
}

/** The refusal of a call that must not succeed. */
export const refusalOf = (call: Promise<unknown>): Promise<ApiRefusal> =>
  call.then(
    () => Promise.reject(new Error("The call succeeded.")),
    (error: unknown) => (error instanceof ApiRefusal ? error : Promise.reject(error)),
  );
