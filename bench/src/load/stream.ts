/** A TCP connection that reads into one buffer for all, so that reading makes no garbage. */
import { connect, type Socket } from "node:net";

const shared = Buffer.allocUnsafe(256 * 1024);

/**
 * Connects, to 127.0.0.1 only.
 * @param onBytes gets what has come; the bytes are overwritten when it returns
 * @param onGone is told of the end, whichever side wanted it
 */
export function openStream(
  port: number,
  onBytes: (bytes: Buffer) => void,
  onGone: (error: Error) => void,
): Socket {
  const socket = connect({
    host: "127.0.0.1",
    port,
    noDelay: true,
    onread: {
      buffer: shared,
      callback: (length) => {
        try {
          onBytes(shared.subarray(0, length));
        } catch (error) {
          socket.destroy(error as Error);
        }
        return true;
      },
    },
  });
  let cause: Error | undefined;
  socket.on("error", (error) => {
    cause = error;
  });
  socket.on("close", () => onGone(cause ?? new Error("the server closed a connection")));
  return socket;
}
