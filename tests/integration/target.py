"""Target of the attacks: a whole gbatrace in its own processes, and a recording meanwhile."""

import asyncio
import contextlib
import http.client
import json
import os
import queue
import re
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import zmq
from websocket import WebSocket, create_connection

from protocol.bus.page_secret import PASSWORD_VARIABLE
from protocol.link.codec import decode, encode
from protocol.link.connection import Screenshot
from protocol.link.framing import PayloadReader, prefix
from protocol.link.messages import Ack, Message, Welcome
from protocol.session.layout import session_folder
from tests.fakes.free_port import free_port
from tests.fakes.game import Game, greeting
from tests.fakes.patience import PATIENCE
from tests.fakes.process_control import OWN_GROUP, ask_to_stop

__all__ = ["BEYOND", "PASSWORD", "Answer", "Target", "read_to_end"]

_ROOT = Path(__file__).parents[2]

PASSWORD = "correct horse battery"

BEYOND = {"X-Forwarded-For": "203.0.113.7"}
"""Makes a request one from another machine."""

_PACE = 0.02
"""Seconds between two frame sets of the recording."""


class Answer:
    """An HTTP answer."""

    def __init__(self, response: http.client.HTTPResponse) -> None:
        self.status = response.status
        self.headers = response.headers
        self.body = response.read()

    def json(self) -> Any:
        return json.loads(self.body)


class Target:
    """A daemon with its page, and an emulator that plays until the end.

    Args:
        folder: for the data folder and whatever lies beside it.
    """

    def __init__(self, folder: Path) -> None:
        self.data_folder = folder / "data"
        self.bus_port, self.command_port = free_port(), free_port()
        self._lines: queue.Queue[str] = queue.Queue()
        self.told: list[str] = []
        self._process = subprocess.Popen(
            [
                *(sys.executable, "-m", "daemon", "serve", "--data", str(self.data_folder), "--link-port", "0"),
                *("--bus-port", str(self.bus_port), "--command-port", str(self.command_port), "--web-port", "0"),
            ],
            cwd=_ROOT,
            env={**os.environ, PASSWORD_VARIABLE: PASSWORD},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            creationflags=OWN_GROUP,
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        self.page_port = int(self._find(r"live page is at http://127\.0\.0\.1:(\d+)"))
        self.link_port = int(self._find(r"--socket_port=(\d+)"))
        self.bus_secret = (self.data_folder / ".keys" / "bus.secret").read_text("ascii").strip()
        self.session = ""
        self.acknowledged = 0
        self._failure: Exception | None = None
        self._playing = True
        self._player = threading.Thread(target=self._play)
        self._player.start()
        deadline = time.monotonic() + 2 * PATIENCE
        while not self.ask("/api/state").json()["sessions"]:
            assert time.monotonic() < deadline, "the page does not hear of the recording"
            time.sleep(0.05)

    def ask(
        self, path: str = "/", method: str = "GET", headers: dict[str, str] | None = None, body: Any = None
    ) -> Answer:
        """Ask the page, over a connection of its own."""
        line = http.client.HTTPConnection("127.0.0.1", self.page_port, timeout=PATIENCE)
        try:
            line.request(method, path, body=body, headers=headers or {})
            return Answer(line.getresponse())
        finally:
            line.close()

    def connect(self, port: int) -> socket.socket:
        """Open a connection and say nothing yet."""
        return socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)

    def open_websocket(self, **options: Any) -> WebSocket:
        """Open a WebSocket of the page.

        Raises:
            WebSocketBadStatusException: the page does not open one.
        """
        line = self.connect(self.page_port)
        try:
            address = f"ws://127.0.0.1:{self.page_port}/socket.io/?EIO=4&transport=websocket"
            return create_connection(address, socket=line, **options)
        except BaseException:
            line.close()
            raise

    def ask_bus(self, *parts: bytes, patience: float = PATIENCE) -> bytes | None:
        """Send a request of so many parts and wait for the answer; None where none comes."""
        with zmq.Context() as context, context.socket(zmq.DEALER) as dealer:
            dealer.linger = 0
            dealer.connect(f"tcp://127.0.0.1:{self.command_port}")
            dealer.send_multipart(parts)
            return dealer.recv() if dealer.poll(int(patience * 1000)) else None

    def must_be_well(self, sets: int = 3) -> None:
        """See that the recording goes on, that the page answers, and that nothing of ours broke."""
        goal, deadline = self.acknowledged + sets, time.monotonic() + PATIENCE
        while self.acknowledged < goal:
            assert self._failure is None, f"the recording stopped: {self._failure!r}"
            assert time.monotonic() < deadline, "the recording stands still"
            time.sleep(0.01)
        assert self.ask("/api/state").status == 200
        self._drain()
        assert not [line for line in self.told if "Traceback" in line or "is started again" in line], self.told[-20:]

    def stop(self) -> None:
        """End the play and then the daemon; everything that was acknowledged is in its folder."""
        self._playing = False
        self._player.join()
        ask_to_stop(self._process)
        try:
            self._process.wait(2 * PATIENCE)
        finally:
            self._process.kill()
            self._reader.join()
        assert self._failure is None
        folder = session_folder(self.data_folder, self.session)
        for number in range(self.acknowledged):
            assert folder.event(number).is_file()
            assert folder.screenshot(number).is_file()

    def _read(self) -> None:
        assert self._process.stdout is not None
        with self._process.stdout as lines:
            for line in lines:
                self._lines.put(line.rstrip())

    def _find(self, pattern: str) -> str:
        while True:
            line = self._lines.get(timeout=2 * PATIENCE)
            self.told.append(line)
            if found := re.search(pattern, line):
                return found[1]

    def _drain(self) -> None:
        while not self._lines.empty():
            self.told.append(self._lines.get())

    def _play(self) -> None:
        try:
            asyncio.run(self._play_on())
        except Exception as error:
            self._failure = error

    async def _play_on(self) -> None:
        emulator = _Player(*await asyncio.open_connection("127.0.0.1", self.link_port))
        welcome = await emulator.ask(greeting())
        assert isinstance(welcome, Welcome)
        self.session = welcome.session
        game = Game()
        while self._playing:
            reply = await emulator.ask(*game.frame_set())
            assert isinstance(reply, Ack)
            assert reply.set == self.acknowledged
            self.acknowledged += 1
            await asyncio.sleep(_PACE)
        emulator.close()


class _Player:
    """One connection of an emulator that sends a set and waits for its reply."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer
        self._frames = PayloadReader()
        self._seq = 0

    async def ask(self, *messages: Message | Screenshot) -> object:
        for message in messages:
            if isinstance(message, Screenshot):
                self._writer.write(prefix(message.png))
            else:
                self._writer.write(prefix(encode(message, self._seq)))
                self._seq += 1
        await self._writer.drain()
        async with asyncio.timeout(PATIENCE):
            while (payload := self._frames.next_payload()) is None:
                self._frames.receive_data(await self._reader.read(65536))
        return decode(payload)[1]

    def close(self) -> None:
        self._writer.transport.abort()


def read_to_end(line: socket.socket) -> bytes:
    """Read until the other side ends the connection; one that stays open fails the test."""
    received = b""
    with contextlib.suppress(ConnectionError):
        while data := line.recv(65536):
            received += data
    return received
