/** Requests of one file's upload to an S3 store, done again if that may help. */

export type Headers = Readonly<Record<string, string>>;

/** The upload of a file, on its way. */
export interface Transfer {
  readonly win: Window & typeof globalThis;
  readonly file: File;
  readonly running: Set<XMLHttpRequest>;
  /** Failures in a row. */
  failures: number;
  /** It has come to its end: nothing is done again. */
  isOver: boolean;
  /** Tells of the bytes that have been sent. */
  sent(bytes: number): void;
}

/** Times in a row that something may fail: half a minute. Time without a network does not count. */
const TRIES = 5;

/** Status of the store's answer, or 0 if it cannot be reached. */
export class Failure extends Error {
  readonly status: number;
  constructor(status: number, text = "") {
    super(
      status
        ? `The store answered ${status} ${/<Code>([^<]*)/.exec(text)?.[1] ?? ""}`.trim()
        : "The store cannot be reached",
    );
    this.status = status;
  }
}

/** The network or the store has failed, and not the request: 409 says that the same file is being stored already. */
export function mayPass(error: unknown): boolean {
  return error instanceof Failure && (!error.status || error.status === 409 || error.status >= 500);
}

/** @throws Failure */
export function request(
  { win, running }: Transfer,
  method: string,
  to: string,
  body?: Blob | FormData | string,
  onSent?: (bytes: number) => void,
  headers?: Headers,
): Promise<XMLHttpRequest> {
  return new Promise((resolve, reject) => {
    const xhr = new win.XMLHttpRequest();
    running.add(xhr);
    xhr.open(method, to);
    for (const name in headers) xhr.setRequestHeader(name, headers[name] as string);
    if (onSent) xhr.upload.onprogress = ({ loaded }) => onSent(loaded);
    xhr.onloadend = () => {
      running.delete(xhr);
      const { status, responseText } = xhr;
      if (status >= 200 && status < 300) resolve(xhr);
      else reject(new Failure(status, responseText));
    };
    xhr.send(body);
  });
}

export function stop({ running }: Transfer): void {
  for (const xhr of running) xhr.abort();
}

/** Does something again that has failed, as long as that may help. */
export async function persist(transfer: Transfer, run: () => Promise<unknown>): Promise<unknown> {
  const { win } = transfer;
  for (;;) {
    try {
      return await run();
    } catch (error) {
      if (transfer.isOver || !mayPass(error) || ++transfer.failures > TRIES) throw error;
      await new Promise((done) => {
        if (win.navigator.onLine) win.setTimeout(done, 500 * 2 ** transfer.failures);
        else win.addEventListener("online", done, { once: true });
      });
      if (transfer.isOver) throw error;
    }
  }
}

/** Does something that works once. Its first answer may be lost: then the next is `status`, and all is well. */
export function persistOnce(
  transfer: Transfer,
  status: number,
  run: () => Promise<unknown>,
): Promise<unknown> {
  let isAsked = false;
  return persist(transfer, async () => {
    try {
      await run();
    } catch (error) {
      if (isAsked && (error as Failure).status === status) return;
      isAsked = true;
      throw error;
    }
  });
}
