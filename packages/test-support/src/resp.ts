// The protocol of Redis, as far as a test needs it to send one command and read its answer.

/** Answer of Redis; `undefined` while there is more to come. */
export type Reply = string | number | null | Reply[];

export const request = (command: readonly string[]): string =>
  `*${command.length}\r\n${command.map((part) => `$${Buffer.byteLength(part)}\r\n${part}\r\n`).join("")}`;

/** @returns the answer, an error that is one, or undefined if there is more to come */
export function toReply(bytes: Buffer): Reply | Error | undefined {
  return read(bytes, 0)?.value;
}

function read(bytes: Buffer, start: number): { value: Reply | Error; end: number } | undefined {
  const lineEnd = bytes.indexOf("\r\n", start);
  if (lineEnd === -1) return undefined;
  const line = bytes.toString("utf8", start + 1, lineEnd);
  const end = lineEnd + 2;
  switch (bytes.toString("latin1", start, start + 1)) {
    case "+":
      return { value: line, end };
    case "-":
      return { value: new Error(line), end };
    case ":":
      return { value: Number(line), end };
    case "$":
      if (line === "-1") return { value: null, end };
      if (bytes.length < end + Number(line) + 2) return undefined;
      return { value: bytes.toString("utf8", end, end + Number(line)), end: end + Number(line) + 2 };
    case "*":
      return readList(bytes, Number(line), end);
    default:
      throw new Error(`Redis answers ${bytes.toString("latin1", start, lineEnd)}.`);
  }
}

function readList(bytes: Buffer, length: number, start: number): { value: Reply[]; end: number } | undefined {
  const value: Reply[] = [];
  let end = start;
  while (value.length < length) {
    const item = read(bytes, end);
    if (item === undefined) return undefined;
    if (item.value instanceof Error) throw item.value;
    value.push(item.value);
    end = item.end;
  }
  return { value, end };
}
