/** WebSockets of the client whose server is the test. */
import { HEARTBEAT } from "../../client/src/wire/constants.ts";
import type { ClientFrame } from "../../client/src/wire/frames.ts";

/** The server's end of one connection. */
export class FakeWebSocket {
  readonly url: string;
  readyState = 0;
  bufferedAmount = 0;
  readonly sent: ClientFrame[] = [];
  /** The code with which the client closed it, 0 if it gave none. */
  code: number | undefined;
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: string }) => void) | null = null;
  onclose: ((event: { code: number; reason: string }) => void) | null = null;

  constructor(url: string) {
    this.url = url;
  }

  send(text: string): void {
    this.sent.push(JSON.parse(text));
  }

  close(code = 0): void {
    this.code = code;
    this.readyState = 3;
  }

  open(): void {
    this.readyState = 1;
    this.onopen?.();
  }

  receive(frame: unknown): void {
    this.onmessage?.({ data: JSON.stringify(frame) });
  }

  lose(code = 1006, reason = ""): void {
    this.readyState = 3;
    this.onclose?.({ code, reason });
  }
}

/** @param options `answersHeartbeats` has them answered, and left out of what was sent */
export function fakeWebSockets({ answersHeartbeats = false }: { readonly answersHeartbeats?: boolean } = {}) {
  const connections: FakeWebSocket[] = [];
  return {
    /** All that were opened. */
    connections,
    /** The one that was opened last. */
    connection: () => connections.at(-1) as FakeWebSocket,
    /** Takes the place of the browser's. */
    WebSocket: class extends FakeWebSocket {
      constructor(url: string) {
        super(url);
        connections.push(this);
      }
      override send(text: string): void {
        super.send(text);
        if (answersHeartbeats && this.sent.at(-1)?.[0] === HEARTBEAT) this.receive(this.sent.pop());
      }
    } as unknown as typeof WebSocket,
  };
}
