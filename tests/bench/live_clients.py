"""`python -m tests.bench.live_clients`: browsers of the live page without a screen, in a process of their own.

Each one watches the newest session as the page does, and acknowledges what it gets. It prints a line when all of them
watch; after a line on its standard input it prints one line of JSON: for each client, when the preview of each frame
set came, seconds since the epoch by frame set number.
"""

import argparse
import sys
import time
from collections.abc import Sequence
from typing import Any

import orjson
import socketio

__all__ = ["main"]

_MESSAGES = ("state", "session", "watched", "frame_set", "labels", "event", "dropped", "problem")


class _Client:
    def __init__(self, address: str) -> None:
        self.came: dict[str, float] = {}
        self._session = ""
        self._welcome_number = 0
        self._line = socketio.Client()
        for name in _MESSAGES:
            self._line.on(name, self._seen)
        self._line.on("welcome", self._welcome)
        self._line.on("preview", self._preview)
        self._line.connect(address, transports=["websocket"])
        while not self._session:
            time.sleep(0.02)
        self._line.emit("seen", self._welcome_number)
        self._line.call("watch", {"session": self._session})

    def close(self) -> None:
        self._line.disconnect()

    def _seen(self, body: dict[str, Any]) -> None:
        self._line.emit("seen", body["number"])

    def _welcome(self, body: dict[str, Any]) -> None:
        # It comes before the connection is made, in Socket.IO's order of things: nothing can be answered yet.
        self._welcome_number = body["number"]
        self._session = body["sessions"][0]["session_id"]

    def _preview(self, body: dict[str, Any]) -> None:
        self.came[str(body["frame_set"]["frame_set_id"])] = time.time()
        self._seen(body)


def main(arguments: Sequence[str] | None = None) -> None:
    """Watch as the command line says."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.live_clients", description="Watch the live page.")
    parser.add_argument("--page", required=True, help="address of the page")
    parser.add_argument("--clients", type=int, default=1, help="how many")
    options = parser.parse_args(arguments)
    clients = [_Client(options.page) for _ in range(options.clients)]
    _say(len(clients))
    sys.stdin.readline()
    _say([client.came for client in clients])
    for client in clients:
        client.close()


def _say(document: object) -> None:
    sys.stdout.buffer.write(orjson.dumps(document) + b"\n")
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
