"""`python -m tests.bench.live_clients`: browsers of the live page without a screen, in a process of their own.

Each one watches the newest session as the page does, and acknowledges what it gets. It prints a line when all of them
watch; after a line on its standard input it prints one line of JSON: for each client, when the preview of each frame
set came, seconds since the epoch by frame set number.

They speak as much Socket.IO as that needs, so that twenty of them use little of the machine that is measured.
"""

import argparse
import json
import sys
import threading
import time
from collections.abc import Sequence
from urllib.parse import urlsplit

import orjson
from websocket import WebSocket, WebSocketException, create_connection

__all__ = ["main"]

_PING, _PONG, _CONNECT = "2", "3", "40"
_EVENT, _EVENT_WITH_ATTACHMENTS = "42", "45"


class _Client:
    def __init__(self, page: str) -> None:
        self.came: dict[str, float] = {}
        self._watches = threading.Event()
        address = f"ws://{urlsplit(page).netloc}/socket.io/?EIO=4&transport=websocket"
        self._line: WebSocket = create_connection(address)
        self._line.send(_CONNECT)
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()
        if not self._watches.wait(10):
            raise RuntimeError("the page does not say what there is to watch")

    def close(self) -> None:
        self._line.close()
        self._thread.join(5)

    def _listen(self) -> None:
        try:
            while True:
                self._take(str(self._line.recv()))
        except (WebSocketException, OSError):
            return

    def _take(self, packet: str) -> None:
        if packet == _PING:
            self._line.send(_PONG)
        if not packet.startswith((_EVENT, _EVENT_WITH_ATTACHMENTS)):
            return
        if packet.startswith(_EVENT_WITH_ATTACHMENTS):
            for _ in range(int(packet[2 : packet.index("-")])):
                self._line.recv()
        now = time.time()
        name, body = orjson.loads(packet[packet.index("[") :])
        match name:
            case "preview":
                self.came[str(body["frame_set"]["frame_set_id"])] = now
            case "welcome":
                self._emit("watch", {"session": body["sessions"][0]["session_id"]})
            case "watched":
                self._watches.set()
        self._emit("seen", body["number"])

    def _emit(self, name: str, argument: object) -> None:
        self._line.send(_EVENT + json.dumps([name, argument]))


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
