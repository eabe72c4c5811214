/** Messages that are larger than the server takes: it hears of them instead, and answers that they are refused. */
import { EVENT, FORM, JOIN, NAVIGATE, OWN_LARGE } from "../wire/constants.ts";
import type { ClientFrame } from "../wire/frames.ts";

/** Characters of an event's name. */
const LONGEST_NAME = 256;

/** Makes the frame that is sent in place of one with so many bytes. */
export function inPlaceOf(frame: ClientFrame, bytes: number): ClientFrame {
  switch (frame[0]) {
    case JOIN:
      return [JOIN, frame[1], { token: frame[2].token, url: "", large: bytes }];
    case EVENT:
    case FORM:
    case NAVIGATE: {
      const [kind, view, ref, name] = frame;
      const event = kind === NAVIGATE ? "handleParams" : name.slice(0, LONGEST_NAME);
      return [EVENT, view, ref, OWN_LARGE, { e: event, s: bytes }];
    }
    default:
      // The others are never large.
      return frame;
  }
}
