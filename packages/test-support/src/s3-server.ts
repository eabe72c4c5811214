/** An S3 store for tests: a process that verifies signatures, behind a line that a test can cut. */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

/** A request that the store received. */
export interface StoreRequest {
  readonly method: string;
  /** Key of the object. */
  readonly key: string;
  readonly query: URLSearchParams;
  /** Bytes of the body that came through. */
  received: number;
  /** Status of the answer; undefined if the connection was cut before. */
  status?: number;
  /** The client has given it up. */
  isGone?: boolean;
}

/**
 * Failure of a request: the line is cut before it, before its answer (`mute`), or after so many bytes of its
 * body; it gets no answer (`hold`), or one with another status.
 */
export type Fault = "refuse" | "mute" | "hold" | { readonly after: number } | { readonly status: number };

export interface S3ServerOptions {
  /** Response headers that pages of other origins may read. Default `["ETag"]`. */
  readonly expose?: readonly string[];
  /** Default: what uploads send. */
  readonly allowedHeaders?: readonly string[];
}

const PROCESS = fileURLToPath(new URL("s3-process.mjs", import.meta.url));
const BUCKET = "test-bucket";

/** Starts a store with one empty bucket. Stop it when the tests are done. */
export async function startS3(options: S3ServerOptions = {}): Promise<S3Server> {
  const directory = mkdtempSync(join(tmpdir(), "overwire-s3-"));
  const child = spawn(process.execPath, [PROCESS, directory, BUCKET, corsRules(options)], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const port = await new Promise<number>((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code) => reject(new Error(`The S3 store ended at once, with ${code}.`)));
    createInterface({ input: child.stdout }).once("line", (line) => resolve(Number(line)));
  });
  const server = new S3Server(child, port, directory);
  await server.listen();
  return server;
}

export class S3Server {
  /** All that came, in order. */
  readonly requests: StoreRequest[] = [];
  /** Asked before each request. */
  fault: (request: StoreRequest) => Fault | undefined = () => undefined;
  #isDown = false;
  /** Keys under which a file was put whole: the process itself knows no conditions. */
  readonly #stored = new Set<string>();
  readonly #child: ChildProcess;
  readonly #port: number;
  readonly #directory: string;
  readonly #line: Server;

  constructor(child: ChildProcess, port: number, directory: string) {
    this.#child = child;
    this.#port = port;
    this.#directory = directory;
    this.#line = createServer((incoming, outgoing) => this.#pass(incoming, outgoing));
  }

  /** Options for `s3Storage`. */
  get bucket() {
    const { port } = this.#line.address() as AddressInfo;
    const endpoint = `http://127.0.0.1:${port}`;
    return { endpoint, bucket: BUCKET, accessKeyId: "S3RVER", secretAccessKey: "S3RVER" };
  }

  /** Requests for parts that the store took whole, by their numbers. */
  get partsTaken(): number[] {
    return this.requests
      .filter(({ method, query, status }) => method === "PUT" && query.has("partNumber") && status === 200)
      .map(({ query }) => Number(query.get("partNumber")));
  }

  /** An outage: ends what is under way, and nothing comes through until {@link mend}. */
  cut(): void {
    this.#isDown = true;
    this.#line.closeAllConnections();
  }

  mend(): void {
    this.#isDown = false;
  }

  listen(): Promise<void> {
    return new Promise((resolve) => this.#line.listen(0, "127.0.0.1", resolve));
  }

  /** Ends the process and forgets what it stored. */
  async stop(): Promise<void> {
    this.#line.closeAllConnections();
    await new Promise((resolve) => this.#line.close(resolve));
    const ended = new Promise((resolve) => this.#child.once("exit", resolve));
    this.#child.kill();
    await ended;
    rmSync(this.#directory, { recursive: true });
  }

  #pass(incoming: IncomingMessage, outgoing: ServerResponse): void {
    const { pathname, searchParams } = new URL(incoming.url ?? "/", "http://store");
    const key = decodeURIComponent(pathname.slice(`/${BUCKET}/`.length));
    const entry: StoreRequest = { method: incoming.method ?? "", key, query: searchParams, received: 0 };
    const isAsking = entry.method === "OPTIONS";
    if (!isAsking && !this.#isDown) this.requests.push(entry);
    const fault = this.#isDown ? "refuse" : isAsking ? undefined : this.fault(entry);
    const cut = () => incoming.socket.destroy();

    outgoing.on("close", () => {
      if (!outgoing.writableEnded) entry.isGone = true;
    });
    if (fault === "refuse") return void cut();
    if (fault === "hold") return void incoming.resume();
    if (typeof fault === "object" && "status" in fault) {
      this.#answer(entry, incoming, outgoing, fault.status, "Fault");
      return;
    }
    if (incoming.headers["if-none-match"] === "*" && this.#stored.has(key)) {
      this.#answer(entry, incoming, outgoing, 412, "PreconditionFailed");
      return;
    }

    // Names and values go on as they are: both may be signed.
    const { method, url: path, headers } = incoming;
    const onward = request({ host: "127.0.0.1", port: this.#port, method, path, headers, agent: false });
    const limit = typeof fault === "object" ? fault.after : Infinity;
    incoming.on("data", (chunk: Buffer) => {
      entry.received += chunk.length;
      if (entry.received < limit) onward.write(chunk);
      else cut();
    });
    incoming.on("end", () => onward.end());
    onward.on("response", (answer) => {
      entry.status = answer.statusCode ?? 0;
      if (entry.method === "DELETE" && !searchParams.has("uploadId")) this.#stored.delete(key);
      if (entry.method === "PUT" && entry.status === 200 && !searchParams.has("partNumber"))
        this.#stored.add(key);
      if (fault === "mute") return void answer.resume().on("end", cut);
      outgoing.writeHead(entry.status, answer.headers);
      answer.pipe(outgoing);
    });
    onward.on("error", cut);
    outgoing.on("close", () => onward.destroy());
  }

  #answer(
    entry: StoreRequest,
    incoming: IncomingMessage,
    outgoing: ServerResponse,
    status: number,
    code: string,
  ): void {
    entry.status = status;
    const headers = { "access-control-allow-origin": "*" };
    const end = () => outgoing.writeHead(status, headers).end(`<Error><Code>${code}</Code></Error>`);
    incoming.resume().on("end", end);
  }
}

function corsRules({
  expose = ["ETag"],
  allowedHeaders = ["content-type", "content-disposition", "if-none-match"],
}: S3ServerOptions): string {
  return `<CORSConfiguration><CORSRule><AllowedOrigin>*</AllowedOrigin>${["GET", "PUT", "POST", "DELETE"]
    .map((method) => `<AllowedMethod>${method}</AllowedMethod>`)
    .join("")}${allowedHeaders.map((name) => `<AllowedHeader>${name}</AllowedHeader>`).join("")}${expose
    .map((name) => `<ExposeHeader>${name}</ExposeHeader>`)
    .join("")}</CORSRule></CORSConfiguration>`;
}
