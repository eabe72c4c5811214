/** The client of a view process: keeps the frames that it is sent. */
import type { ServerFrame } from "../../client/src/wire/frames.ts";
import type { Sink } from "../../server/src/runtime/services.ts";

export class FakeSink implements Sink {
  readonly templates = new Set<number>();
  readonly frames: ServerFrame[];
  readonly overflows: string[] = [];
  full = false;

  /** @param frames receives the frames */
  constructor(frames: ServerFrame[] = []) {
    this.frames = frames;
  }

  send(frame: ServerFrame): void {
    // As it arrives.
    this.frames.push(JSON.parse(JSON.stringify(frame)) as ServerFrame);
  }

  openChannel(): number {
    return 0;
  }

  closeChannel(): void {}

  overflow(message: string): void {
    this.overflows.push(message);
  }

  /** @returns the frames since the last call */
  take(): ServerFrame[] {
    return this.frames.splice(0);
  }
}
