"""`python -m tests.bench.live_clients`: browsers of the live page without a screen, in a process of their own.

Each one watches a session as the page does, the first the newest, and acknowledges what it gets; some of them label its
newest frame set again and again. It prints a line when all of them watch; after a line on its standard input it prints
one line of JSON: `came`, for each client when the preview of each frame set came (seconds since the epoch by number),
`labelled`, how many labels the daemon has confirmed, and `label_delays`, after how many ms each client had each label.

They speak as much WebSocket and Socket.IO as that needs, on one thread, so that twenty of them use little of the
machine that is measured.
"""

import argparse
import itertools
import selectors
import socket
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import urlsplit

import msgpack
import orjson
from websocket import create_connection

__all__ = ["main"]

_PING, _PONG = b"2", b"3"
_CONNECT, _EVENT, _ANSWER = 0, 2, 3
"""Types of Socket.IO packets, which are MessagePack."""

_TEXT, _BINARY = 0x81, 0x82
"""First byte of a WebSocket frame that is a whole message."""

_NUMBERS = itertools.count(1)
_BETWEEN_LABELS = 0.25
_OUTCOMES = ("success", "failure")
_PATIENCE = 20.0


class _Frames:
    """Takes what a server sends apart into WebSocket frames."""

    def __init__(self) -> None:
        self._data = bytearray()

    def feed(self, data: bytes) -> Iterator[tuple[bool, bytes]]:
        """Yield whether each frame that is complete now is text, and its payload."""
        self._data += data
        while len(self._data) >= 2:
            length, start = self._data[1], 2
            if length > 125:
                start = 4 if length == 126 else 10
                length = int.from_bytes(self._data[2:start], "big")
            if len(self._data) < start + length:
                return
            is_text = self._data[0] == _TEXT
            payload = bytes(self._data[start : start + length])
            del self._data[: start + length]
            yield is_text, payload


class _Client:
    """One browser.

    Args:
        page: address of the page.
        given: when which label was given, by person and frame set; shared by all browsers.
    """

    def __init__(self, page: str, given: dict[tuple[str, int], float]) -> None:
        self._given = given
        self._number = next(_NUMBERS)
        self._name = f"bench-{self._number}"
        self.label_delays: list[float] = []
        self.came: dict[str, float] = {}
        self.labelled = 0
        self.watches = False
        line = create_connection(f"ws://{urlsplit(page).netloc}/socket.io/?EIO=4&transport=websocket")
        assert line.sock is not None
        self.socket: socket.socket = line.sock
        self._frames = _Frames()
        self._session = ""
        self._newest: str | None = None
        self._messages = 0
        self._send_packet(_CONNECT)

    def hear(self) -> bool:
        """Take what has come, and acknowledge it as a page does that has painted it; false where the line has ended."""
        data = self.socket.recv(1 << 18)
        seen = 0
        for is_text, payload in self._frames.feed(data):
            if not is_text:
                seen = self._take(msgpack.unpackb(payload)) or seen
            elif payload == _PING:
                self._send(_TEXT, _PONG)
        if seen:
            self._emit("seen", seen)
        return bool(data)

    def label(self) -> None:
        """Give the newest frame set an outcome, another one each time."""
        if self._newest is not None:
            number = int(self._newest)
            labels = {"outcome": _OUTCOMES[self.labelled % 2]}
            which = {"session": self._session, "first": number, "last": number}
            self._given[self._name, number] = time.time()
            self._emit("label", {**which, "labels": labels, "who": self._name, "origin": "page"}, id=1)

    def _take(self, packet: dict[str, Any]) -> int:
        """Take a packet; returns how many messages came up to a preview, which is to be acknowledged, else 0."""
        if packet["type"] == _ANSWER:
            self.labelled += packet["data"][0].get("result") is not None
        if packet["type"] != _EVENT:
            return 0
        name, body = packet["data"]
        self._messages += 1
        match name:
            case "preview":
                self._newest = str(body["frame_set"]["frame_set_id"])
                self.came[self._newest] = time.time()
            case "labels":
                numbers = [label["frame_set_id"] for label in body["labels"]]
                moments = [self._given.get((body["who"], each)) for each in numbers]
                self.label_delays += [1000 * (time.time() - moment) for moment in moments if moment is not None]
            case "welcome":
                sessions = body["sessions"]
                self._session = sessions[(self._number - 1) % len(sessions)]["session_id"]
                self._emit("watch", {"session": self._session})
            case "watched":
                self.watches = True
        return self._messages if name == "preview" else 0

    def _emit(self, name: str, argument: object, **asking: int) -> None:
        self._send_packet(_EVENT, data=[name, argument], **asking)

    def _send_packet(self, kind: int, **fields: object) -> None:
        self._send(_BINARY, msgpack.packb({"type": kind, "nsp": "/", **fields}))

    def _send(self, kind: int, payload: bytes) -> None:
        """Send a frame; the mask of a client's frame may be zero, which leaves the payload as it is."""
        length = bytes((0x80 | len(payload),)) if len(payload) < 126 else b"\xfe" + len(payload).to_bytes(2, "big")
        self.socket.sendall(bytes((kind,)) + length + b"\0\0\0\0" + payload)


class _Crowd:
    """All browsers of this process, on a thread of their own."""

    def __init__(self, page: str, clients: int, labellers: int) -> None:
        given: dict[tuple[str, int], float] = {}
        self.clients = [_Client(page, given) for _ in range(clients)]
        self._labellers = self.clients[:labellers]
        self._ended = threading.Event()
        self._watch = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()
        if not self._watch.wait(_PATIENCE):
            raise RuntimeError("the page does not say what there is to watch")

    def end(self) -> None:
        """Close every line."""
        self._ended.set()
        self._thread.join()
        for client in self.clients:
            client.socket.close()

    def _run(self) -> None:
        selector = selectors.DefaultSelector()
        for client in self.clients:
            selector.register(client.socket, selectors.EVENT_READ, client)
        # Spread over the time between two labels, as the keys of several people are.
        due = [(time.monotonic() + (at + 1) * _BETWEEN_LABELS / 3, client) for at, client in enumerate(self._labellers)]
        while not self._ended.is_set():
            for key, _ in selector.select(max(0.0, due[0][0] - time.monotonic()) if due else 0.2):
                if not key.data.hear():
                    selector.unregister(key.fileobj)
            if due and due[0][0] <= time.monotonic():
                moment, client = due.pop(0)
                client.label()
                due.append((moment + _BETWEEN_LABELS, client))
            if all(client.watches for client in self.clients):
                self._watch.set()


def main(arguments: Sequence[str] | None = None) -> None:
    """Watch as the command line says."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.live_clients", description="Watch the live page.")
    parser.add_argument("--page", required=True, help="address of the page")
    parser.add_argument("--clients", type=int, default=1, help="how many")
    parser.add_argument("--labellers", type=int, default=0, help="how many of them label as well")
    options = parser.parse_args(arguments)
    crowd = _Crowd(options.page, options.clients, options.labellers)
    _say(len(crowd.clients))
    sys.stdin.readline()
    crowd.end()
    _say(
        {
            "came": [client.came for client in crowd.clients],
            "labelled": sum(client.labelled for client in crowd.clients),
            "label_delays": [delay for client in crowd.clients for delay in client.label_delays],
        }
    )


def _say(document: object) -> None:
    sys.stdout.buffer.write(orjson.dumps(document) + b"\n")
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
