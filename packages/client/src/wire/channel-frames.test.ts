import fc from "fast-check";
import { expect, test } from "vitest";
import {
  type ChannelFrame,
  hadUnsafePayload,
  LONGEST_FIELD,
  PHX_REPLY,
  readClientMessage,
  readServerMessage,
  tokenProtocol,
  writeBroadcast,
  writeClientMessage,
  writePush,
  writeReply,
} from "./channel-frames.ts";

const latin = (text: string) => Uint8Array.from(text, (character) => character.charCodeAt(0));

test("text messages are arrays of join ref, ref, topic, event and payload", () => {
  const frame = { joinRef: "0", ref: "1", topic: "t", event: "e", payload: { foo: 1 } };
  expect(writeClientMessage(frame)).toBe('["0","1","t","e",{"foo":1}]');
  expect(readClientMessage('["0","1","t","e",{"foo":1}]')).toEqual(frame);
  expect(writePush("0", "t", "e", { foo: 1 })).toBe('["0",null,"t","e",{"foo":1}]');
  expect(writeBroadcast("t", "e", { foo: 1 })).toBe('[null,null,"t","e",{"foo":1}]');
  expect(writeReply("0", "1", "t", "ok", undefined)).toBe(
    '["0","1","t","phx_reply",{"status":"ok","response":{}}]',
  );
});

test("binary messages are those of Phoenix, byte by byte", () => {
  const pushed = latin("\0\x01\x01\x01\x01" + "01te" + "\x01");
  const frame = { joinRef: "0", ref: "1", topic: "t", event: "e", payload: latin("\x01") };
  expect(writeClientMessage(frame)).toEqual(pushed);
  expect(readClientMessage(pushed)).toEqual(frame);

  const push = latin("\0\x03\x03\x0a123topsome-event\x01\x01");
  expect(writePush("123", "top", "some-event", latin("\x01\x01"))).toEqual(push);
  expect(readServerMessage(push)).toEqual({
    joinRef: "123",
    ref: null,
    topic: "top",
    event: "some-event",
    payload: latin("\x01\x01"),
  });

  const reply = latin("\x01\x03\x02\x03\x0210012topok\x01\x01");
  expect(writeReply("100", "12", "top", "ok", latin("\x01\x01"))).toEqual(reply);
  expect(readServerMessage(reply)).toEqual({
    joinRef: "100",
    ref: "12",
    topic: "top",
    event: PHX_REPLY,
    payload: { status: "ok", response: latin("\x01\x01") },
  });

  const broadcast = latin("\x02\x03\x0atopsome-event\x01\x01");
  expect(writeBroadcast("top", "some-event", latin("\x01\x01"))).toEqual(broadcast);
  expect(readServerMessage(broadcast)).toEqual({
    joinRef: null,
    ref: null,
    topic: "top",
    event: "some-event",
    payload: latin("\x01\x01"),
  });
});

test("lengths of a binary message are those of UTF-8", () => {
  const frame = { joinRef: "é1", ref: "😀", topic: "rooms:größe", event: "выход", payload: latin("\xff") };
  const message = writeClientMessage(frame) as Uint8Array;
  expect([...message.subarray(0, 5)]).toEqual([0, 3, 4, 13, 10]);
  expect(readClientMessage(message)).toEqual(frame);
  expect(readServerMessage(writeBroadcast("größe", "выход", latin("\x01")) as Uint8Array)).toMatchObject({
    topic: "größe",
    event: "выход",
  });
});

test("a name of more bytes than a length can say is refused, in text too", () => {
  const long = "é".repeat(128);
  const most = "é".repeat(127);
  for (const payload of [latin("\x01"), {}]) {
    expect(() => writeBroadcast(long, "e", payload)).toThrow(/topic.*255 bytes.*256/);
    expect(() => writePush("1", "t", long, payload)).toThrow(/event.*255 bytes.*256/);
    expect(readServerMessage(writeBroadcast(most, most, payload))).toMatchObject({
      topic: most,
      event: most,
    });
  }
  expect(readClientMessage(JSON.stringify([null, null, long, "e", {}]))).toMatch(/^a topic must/);
  expect(readClientMessage(JSON.stringify([null, null, "t", long, {}]))).toMatch(/^an event must/);
  expect(readClientMessage(JSON.stringify(["1".repeat(256), null, "t", "e", {}]))).toMatch(
    /^a join ref must/,
  );
});

test("a payload does not keep the buffer of its message", () => {
  const buffer = Buffer.concat([latin("\0\x01\x01\x01\x0101te\x05"), Buffer.alloc(1000)]);
  const { payload } = readClientMessage(buffer.subarray(0, 10)) as ChannelFrame;
  expect((payload as Uint8Array).buffer.byteLength).toBe(1);
  expect(Buffer.isBuffer(payload)).toBe(false);
});

test("messages that are none are told of in a sentence", () => {
  const cases: [string | Uint8Array, RegExp][] = [
    ["", /JSON/],
    ["{}", /array/],
    ["[]", /array/],
    ['[null,null,"t","e"]', /array/],
    ['[1,"1","t","e",{}]', /a join ref must/],
    ['["1",{},"t","e",{}]', /a ref must/],
    ['["1","1","","e",{}]', /a topic must/],
    ['["1","1",["t"],"e",{}]', /a topic must/],
    ['["1","1","t","",{}]', /an event must/],
    [`[null,null,"t","e",${"[".repeat(64)}${"]".repeat(64)}]`, /levels/],
    [latin(""), /binary/],
    [latin("\0"), /binary/],
    [latin("\x01\x01\x01\x01\x0101te"), /binary/],
    [latin("\0\x01\x01\x01\xff01te"), /binary/],
    [latin("\0\0\0\x01\x01\xff\xfe"), /binary/],
    [latin("\0\0\0\0\x01e"), /a topic must/],
  ];
  for (const [message, problem] of cases) expect(readClientMessage(message)).toMatch(problem);
});

test("a missing payload is an empty object, and a missing join ref of a binary message is null", () => {
  expect(readClientMessage('[null,null,"t","e",null]')).toMatchObject({ payload: {} });
  expect(readClientMessage(latin("\0\0\0\x01\x01te"))).toMatchObject({ joinRef: null, ref: null });
});

test("a key __proto__ of a client is left out and known; one of the server, such as a name in a presence, stays", () => {
  const message = '[null,null,"t","e",{"__proto__":{"admin":true},"a":1}]';
  const frame = readClientMessage(message) as ChannelFrame;
  expect(hadUnsafePayload(frame)).toBe(true);
  expect(JSON.stringify(frame.payload)).toBe('{"a":1}');
  expect(hadUnsafePayload(readClientMessage('[null,null,"t","e",{"a":"__proto__"}]') as ChannelFrame)).toBe(
    false,
  );
  expect(JSON.stringify((readServerMessage(message) as ChannelFrame).payload)).toBe(
    '{"__proto__":{"admin":true},"a":1}',
  );
});

test("whatever is written is read again", () => {
  const name = fc.string({ unit: "binary", minLength: 1, maxLength: 60 });
  const ref = fc.option(name);
  const payload = fc.oneof(
    fc.uint8Array(),
    fc
      .dictionary(fc.string({ minLength: 1 }), fc.jsonValue({ maxDepth: 3 }))
      .map((value) => JSON.parse(JSON.stringify(value))),
  );
  fc.assert(
    fc.property(ref, ref, name, name, payload, (joinRef, ref, topic, event, payload) => {
      const frame = { joinRef, ref, topic, event, payload };
      // An unpaired surrogate has no UTF-8.
      if ([joinRef ?? "", ref ?? "", topic, event].some((text) => /\p{Surrogate}/u.test(text))) return;
      const read = readClientMessage(writeClientMessage(frame)) as ChannelFrame;
      if (typeof read === "object" && hadUnsafePayload(read)) return;
      expect(read).toEqual(frame);
      expect(readServerMessage(writePush(joinRef, topic, event, payload))).toEqual({ ...frame, ref: null });
      expect(readServerMessage(writeBroadcast(topic, event, payload))).toMatchObject({
        topic,
        event,
        payload,
      });
      expect(readServerMessage(writeReply(joinRef, ref, topic, "error", payload))).toEqual({
        ...frame,
        event: PHX_REPLY,
        payload: { status: "error", response: payload },
      });
    }),
  );
});

test("whatever comes, reading does not throw", () => {
  fc.assert(
    fc.property(fc.oneof(fc.uint8Array(), fc.string(), fc.json()), (message) => {
      readClientMessage(message);
      readServerMessage(message);
    }),
  );
});

test("a token becomes a subprotocol that any token can be", () => {
  expect(tokenProtocol("secret~?>é")).toBe("base64url.bearer.phx.c2VjcmV0fj8-w6k");
  expect(Buffer.from(tokenProtocol("secret~?>é").slice(21), "base64url").toString()).toBe("secret~?>é");
  expect(LONGEST_FIELD).toBe(255);
});
