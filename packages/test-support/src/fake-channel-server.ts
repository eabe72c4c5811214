/** WebSockets of channels whose server is the test: it reads what a client sends, and answers. */
import {
  type ChannelFrame,
  PHX_CLOSE,
  PHX_ERROR,
  PHX_HEARTBEAT,
  PHX_JOIN,
  type ReplyStatus,
  readClientMessage,
  writeBroadcast,
  writePush,
  writeReply,
} from "../../client/src/wire/channel-frames.ts";

/** The server's end of one connection. */
export class FakeChannelServer {
  readonly url: string;
  readonly protocols: readonly string[];
  readyState = 0;
  binaryType = "blob";
  /** The code with which the client closed it, 0 if it gave none. */
  code: number | undefined;
  readonly sent: ChannelFrame[] = [];
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: string | ArrayBuffer }) => void) | null = null;
  onclose: ((event: { code: number; reason: string }) => void) | null = null;
  onerror: ((event: object) => void) | null = null;

  constructor(url: string, protocols: readonly string[]) {
    this.url = url;
    this.protocols = protocols;
  }

  send(data: string | Uint8Array): void {
    const frame = readClientMessage(data);
    if (typeof frame === "string") throw new Error(frame);
    this.sent.push(frame);
  }

  close(code = 0): void {
    this.code = code;
    this.readyState = 3;
  }

  open(): void {
    this.readyState = 1;
    this.onopen?.();
  }

  lose(code = 1006, reason = ""): void {
    if (this.readyState === 3) return;
    this.readyState = 3;
    this.onclose?.({ code, reason });
  }

  receive(data: string | Uint8Array<ArrayBuffer>): void {
    if (this.readyState === 1) this.onmessage?.({ data: typeof data === "string" ? data : data.buffer });
  }

  reply({ joinRef, ref, topic }: ChannelFrame, status: ReplyStatus = "ok", response: unknown = {}): void {
    this.receive(writeReply(joinRef, ref, topic, status, response));
  }

  /** Messages that the client has sent of an event. */
  of(event: string): ChannelFrame[] {
    return this.sent.filter((frame) => frame.event === event);
  }

  /** Answers the newest join. @returns it */
  join(response: unknown = {}, status: ReplyStatus = "ok"): ChannelFrame {
    const join = this.of(PHX_JOIN).at(-1);
    if (!join) throw new Error("The client has sent no join.");
    this.reply(join, status, response);
    return join;
  }

  push({ joinRef, topic }: ChannelFrame, event: string, payload: unknown = {}): void {
    this.receive(writePush(joinRef, topic, event, payload));
  }

  broadcast(topic: string, event: string, payload: unknown = {}): void {
    this.receive(writeBroadcast(topic, event, payload));
  }

  crash(join: ChannelFrame): void {
    this.push(join, PHX_ERROR, { reason: "channel_crash" });
  }

  end(join: ChannelFrame): void {
    this.push(join, PHX_CLOSE);
  }
}

/** @param options `answersHeartbeats` has them answered, and left out of what was sent */
export function fakeChannelServers({
  answersHeartbeats = true,
}: {
  readonly answersHeartbeats?: boolean;
} = {}) {
  const connections: FakeChannelServer[] = [];
  return {
    /** All that were opened. */
    connections,
    /** The one that was opened last. */
    server: () => connections.at(-1) as FakeChannelServer,
    /** Takes the place of the client's. */
    WebSocket: class extends FakeChannelServer {
      constructor(url: string, protocols: readonly string[]) {
        super(url, protocols);
        connections.push(this);
      }
      override send(data: string | Uint8Array): void {
        super.send(data);
        const last = this.sent.at(-1);
        if (answersHeartbeats && last?.event === PHX_HEARTBEAT) this.reply(this.sent.pop() as ChannelFrame);
      }
    },
  };
}
