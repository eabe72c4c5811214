/** A page's `XMLHttpRequest` for tests in node, as far as uploads use it: real requests, with progress, abort, and what CORS hides. */
import { type ClientRequest, type IncomingMessage, request } from "node:http";

/** Origin of the page that sends. */
const ORIGIN = "http://page.test";

export class NodeXhr {
  readonly upload: { onprogress?: (event: { loaded: number }) => void } = {};
  onloadend?: () => void;
  status = 0;
  responseText = "";
  readonly #headers: Record<string, string> = { origin: ORIGIN };
  #method = "";
  #url = "";
  #request: ClientRequest | undefined;
  #answer: IncomingMessage | undefined;
  #isOver = false;

  open(method: string, url: string): void {
    this.#method = method;
    this.#url = url;
  }

  setRequestHeader(name: string, value: string): void {
    this.#headers[name.toLowerCase()] = value;
  }

  getResponseHeader(name: string): string | null {
    const exposed = this.#header("access-control-expose-headers").toLowerCase().split(", ");
    return exposed.includes(name.toLowerCase()) ? this.#header(name.toLowerCase()) : null;
  }

  async send(body?: Blob | FormData | string): Promise<void> {
    const whole = new Response(body ?? null);
    const type = whole.headers.get("content-type");
    const bytes = Buffer.from(await whole.arrayBuffer());
    if (this.#isOver) return;
    const headers = {
      ...(type !== null && { "content-type": type }),
      ...this.#headers,
      "content-length": bytes.length,
    };
    this.#request = request(this.#url, { method: this.#method, headers, agent: false });
    this.#request.on("error", () => this.#end());
    this.#request.on("response", (answer) => void this.#read(answer));
    this.#write(this.#request, bytes, 0);
  }

  abort(): void {
    this.status = 0;
    this.#request?.destroy();
    this.#end();
  }

  #write(to: ClientRequest, bytes: Buffer, from: number): void {
    const until = from + 256 * 1024;
    to.write(bytes.subarray(from, until), () => {
      this.upload.onprogress?.({ loaded: Math.min(until, bytes.length) });
      if (until < bytes.length) this.#write(to, bytes, until);
      else to.end();
    });
  }

  async #read(answer: IncomingMessage): Promise<void> {
    this.#answer = answer;
    const chunks: Buffer[] = [];
    try {
      for await (const chunk of answer) chunks.push(chunk as Buffer);
      if (this.#isOver) return;
      if (!["*", ORIGIN].includes(this.#header("access-control-allow-origin"))) return this.#end();
      this.status = answer.statusCode ?? 0;
      this.responseText = Buffer.concat(chunks).toString();
    } catch {
      // Cut while it answered: as if it had not.
    }
    this.#end();
  }

  #header(name: string): string {
    return String(this.#answer?.headers[name] ?? "");
  }

  #end(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.onloadend?.();
  }
}
