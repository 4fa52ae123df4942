"""A daemon that welcomes, acknowledges and stores nothing; it keeps the bytes that came."""

import socket
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from types import TracebackType
from typing import Self

from protocol.link.connection import Link, Screenshot
from protocol.link.messages import Ack, Bye, Frame, Hello, SetEnd, Welcome

__all__ = ["NullDaemon", "Taken", "take_apart"]


class Taken:
    """Counts of a stream's changes, screenshots and frame sets.

    Attributes:
        changes: changed words.
        screenshots: bytes of the screenshots, with their prefixes.
        sets: frame sets.
    """

    def __init__(self) -> None:
        self.changes = 0
        self.screenshots = 0
        self.sets = 0


class NullDaemon:
    """Listens for one emulator, which may open several connections and speaks on one. A context manager: at its end the
    emulator must be gone.

    Attributes:
        port: where it listens.
        received: everything that the emulator sent.
    """

    def __init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self.received = bytearray()
        self._ended = 0
        self._thread = threading.Thread(target=self._serve, name="null daemon", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)  # Linux: closing alone leaves `accept` waiting.
        self._listener.close()
        self._thread.join(timeout=5)

    def _serve(self) -> None:
        with ThreadPoolExecutor(thread_name_prefix="null daemon's connection") as connections:
            while True:
                try:
                    connection, _ = self._listener.accept()
                except OSError:
                    return
                connections.submit(self._hear, connection)

    def _hear(self, connection: socket.socket) -> None:
        link = Link()
        with connection:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            while data := connection.recv(1 << 18):
                self.received += data
                connection.sendall(self._answer(link, data))

    def _answer(self, link: Link, data: bytes) -> bytes:
        for event in link.receive_data(data):
            match event:
                case Hello():
                    link.send(Welcome("bench", "again", 0))
                case SetEnd(number, _, screenshot):
                    self._ended = number
                    if not screenshot:
                        link.send(Ack(number, ()))
                case Screenshot():
                    link.send(Ack(self._ended, ()))
        return link.data_to_send()


def take_apart(stream: bytes, after: int = 0) -> Taken:
    """Count what a stream of the script holds.

    Args:
        stream: from HELLO on.
        after: bytes at its start that are read and not counted.
    """
    taken, link = Taken(), Link()
    for counted, data in ((False, stream[:after]), (True, stream[after:])):
        for event in link.receive_data(bytes(data)):
            match event:
                case Hello():
                    link.send(Welcome("bench", "again", 0))
                case Frame() if counted:
                    taken.changes += sum(len(entry.gaps) // 2 for entry in event.changes)
                case SetEnd() if counted:
                    taken.sets += 1
                case Screenshot(png) if counted:
                    taken.screenshots += len(png) + len(str(len(png))) + 1
                case Bye():
                    break
    return taken
