"""A daemon's end of the wire, as small as can be: a listener whose connections are taken by hand."""

import socket
import struct
import sys
from types import TracebackType
from typing import Self

_LINGER = "hh" if sys.platform == "win32" else "ii"
"""Layout of `struct linger`."""


class Connection:
    """One accepted connection. Every wait ends after five seconds: a broken conversation fails instead of hanging."""

    def __init__(self, accepted: socket.socket) -> None:
        self._socket = accepted
        self._socket.settimeout(5)

    def read(self, length: int) -> bytes:
        """Read exactly so many bytes."""
        data = b""
        while len(data) < length:
            piece = self._socket.recv(length - len(data))
            assert piece, f"the emulator hung up after {data!r}"
            data += piece
        return data

    def read_payload(self) -> bytes:
        """Read one `"<n> <payload>"` and give the payload."""
        prefix = b""
        while not prefix.endswith(b" "):
            prefix += self.read(1)
        return self.read(int(prefix))

    def is_silent(self) -> bool:
        """Return whether nothing was sent and the connection is still open."""
        self._socket.settimeout(0.05)
        try:
            return self._socket.recv(1, socket.MSG_PEEK) is None
        except TimeoutError:
            return True
        finally:
            self._socket.settimeout(5)

    def is_closed(self) -> bool:
        """Return whether the emulator has closed it."""
        return self._socket.recv(1) == b""

    def send(self, data: bytes) -> None:
        """Send bytes as they are."""
        self._socket.sendall(data)

    def reply(self, payload: bytes) -> None:
        """Send one `"<n> <payload>"`."""
        self.send(b"%d %b" % (len(payload), payload))

    def close_gracefully(self) -> None:
        """Say goodbye the way that freezes EmuHawk."""
        self._socket.close()

    def reset(self) -> None:
        """Say goodbye the way that does not."""
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack(_LINGER, 1, 0))
        self._socket.close()


class Peer:
    """A listener on a free port of this machine."""

    def __init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._listener.settimeout(5)
        self._connections: list[Connection] = []
        self.port: int = self._listener.getsockname()[1]

    @property
    def link(self) -> tuple[str, int]:
        """Host and port of the listener."""
        return "127.0.0.1", self.port

    def accept(self) -> Connection:
        """Take the next connection."""
        connection = Connection(self._listener.accept()[0])
        self._connections.append(connection)
        return connection

    def no_connection_waits(self) -> bool:
        """Return whether no further connection has come."""
        self._listener.settimeout(0.05)
        try:
            self._listener.accept()[0].close()
        except TimeoutError:
            return True
        finally:
            self._listener.settimeout(5)
        return False

    def stop_listening(self) -> None:
        """Refuse further connections."""
        self._listener.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._listener.close()
        for connection in self._connections:
            connection.close_gracefully()
