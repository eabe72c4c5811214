"""A client of channels, written from docs/protocol.md alone, with nothing but Python's standard library."""
import base64
import hashlib
import json
import os
import socket
import struct
import sys
from urllib.parse import urlencode


class WebSocket:
    def __init__(self, host, port, path, protocols):
        self.socket = socket.create_connection((host, port), timeout=10)
        self.buffer = b""
        key = base64.b64encode(os.urandom(16)).decode()
        self.socket.sendall(
            f"GET {path} HTTP/1.1\r\nHost: {host}:{port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n"
            f"Sec-WebSocket-Protocol: {', '.join(protocols)}\r\n\r\n".encode()
        )
        while b"\r\n\r\n" not in self.buffer:
            self.fill()
        head, self.buffer = self.buffer.split(b"\r\n\r\n", 1)
        status, *lines = head.decode().split("\r\n")
        if " 101 " not in status:
            raise SystemExit(status)
        headers = {name.lower(): value.strip() for name, value in (line.split(":", 1) for line in lines)}
        accept = hashlib.sha1((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").encode()).digest()
        assert headers["sec-websocket-accept"] == base64.b64encode(accept).decode()
        self.protocol = headers.get("sec-websocket-protocol")

    def fill(self):
        data = self.socket.recv(65536)
        if not data:
            raise SystemExit("the server has closed the connection")
        self.buffer += data

    def take(self, count):
        while len(self.buffer) < count:
            self.fill()
        data, self.buffer = self.buffer[:count], self.buffer[count:]
        return data

    def send(self, data):
        opcode, payload = (1, data.encode()) if isinstance(data, str) else (2, data)
        length = len(payload)
        size = bytes([128 | length]) if length < 126 else bytes([128 | 126]) + struct.pack(">H", length)
        mask = os.urandom(4)
        masked = bytes(byte ^ mask[at % 4] for at, byte in enumerate(payload))
        self.socket.sendall(bytes([128 | opcode]) + size + mask + masked)

    def receive(self):
        first, second = self.take(2)
        length = second & 127
        if length == 126:
            (length,) = struct.unpack(">H", self.take(2))
        elif length == 127:
            (length,) = struct.unpack(">Q", self.take(8))
        payload = self.take(length)
        opcode = first & 15
        if opcode == 8:
            raise SystemExit(f"closed with {struct.unpack('>H', payload[:2])[0]}")
        return payload.decode() if opcode == 1 else payload


class Channels:
    def __init__(self, port, path, params, token):
        sealed = base64.urlsafe_b64encode(token.encode()).decode().rstrip("=")
        protocols = ["overwire", f"base64url.bearer.phx.{sealed}"]
        self.ws = WebSocket("127.0.0.1", port, f"{path}?{urlencode(params)}", protocols)
        self.last = 0
        self.waiting = []

    def send(self, join_ref, topic, event, payload):
        self.last += 1
        ref = str(self.last)
        if isinstance(payload, bytes):
            fields = [field.encode() for field in (join_ref or "", ref, topic, event)]
            self.ws.send(bytes([0, *map(len, fields)]) + b"".join(fields) + payload)
        else:
            self.ws.send(json.dumps([join_ref or (ref if event == "phx_join" else None), ref, topic, event, payload]))
        return ref

    def read(self):
        message = self.ws.receive()
        if isinstance(message, str):
            return json.loads(message)
        kind = message[0]
        count = {0: 3, 1: 4, 2: 2}[kind]
        at, fields = 1 + count, []
        for length in message[1 : 1 + count]:
            fields.append(message[at : at + length].decode())
            at += length
        payload = message[at:]
        if kind == 0:
            join_ref, topic, event = fields
            return [join_ref or None, None, topic, event, payload]
        if kind == 1:
            join_ref, ref, topic, status = fields
            return [join_ref or None, ref or None, topic, "phx_reply", {"status": status, "response": payload}]
        topic, event = fields
        return [None, None, topic, event, payload]

    def until(self, is_wanted):
        for message in self.waiting:
            if is_wanted(message):
                self.waiting.remove(message)
                return message
        while True:
            message = self.read()
            if is_wanted(message):
                return message
            self.waiting.append(message)

    def ask(self, join_ref, topic, event, payload):
        ref = self.send(join_ref, topic, event, payload)
        return ref, self.until(lambda message: message[1] == ref and message[3] == "phx_reply")[4]

    def hear(self, topic, event):
        return self.until(lambda message: message[2] == topic and message[3] == event)[4]


client = Channels(int(sys.argv[1]), "/socket/websocket", {"vsn": "2.0.0", "since": "5"}, "geheim ü")
told = {"protocol": client.ws.protocol}
joined, told["join"] = client.ask(None, "räume:1", "phx_join", {"name": "python"})
_, told["push"] = client.ask(joined, "räume:1", "say", {"body": "Grüße"})
told["heard"] = client.hear("räume:1", "message")
_, reply = client.ask(joined, "räume:1", "reverse", bytes([1, 2, 255]))
told["bytes"] = list(reply["response"])
told["bytesHeard"] = list(client.hear("räume:1", "drawn"))
_, told["refused"] = client.ask(joined, "räume:1", "say", {"body": 7})
_, told["unmatched"] = client.ask(None, "nowhere", "phx_join", {})
_, told["heartbeat"] = client.ask(None, "phoenix", "heartbeat", {})
_, told["left"] = client.ask(joined, "räume:1", "phx_leave", {})
told["closed"] = client.hear("räume:1", "phx_close")
print(json.dumps(told))
