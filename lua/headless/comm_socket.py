"""BizHawk's socket to another program, with its faults. Source: `SocketServer.cs`.

BizHawk calls it a server; it is a TCP client. In short: every connect opens a new socket object and drops the old one
without closing it, errors of sending give -1 and never reconnect, receiving times out only if that was set since the
last connect, and a connection that the other side closes gracefully in the middle of a length prefix makes the reader
spin for ever. Here it raises `FrozenError` instead.
"""

import ipaddress
import socket
from collections.abc import Callable

from lua.headless.errors import FrozenError
from lua.headless.marshalling import net_text

__all__ = ["CommSocket", "prefix"]

_TRIES = 10
"""Screenshot tries (`SocketServer.Retries`)."""

_SPINS = 1_000
"""Reads of zero bytes in a row that count as a spin. One would do: after the first, none ever returns more."""

_LARGEST = 0x7FFF_FFFF
"""Largest number that .NET's `int.Parse` takes."""


def prefix(payload: bytes) -> bytes:
    """Put BizHawk's length prefix before a payload."""
    return b"%d %b" % (len(payload), payload)


class CommSocket:
    """One emulator's socket. It connects at once.

    Args:
        host: an IPv4 address; names are not resolved.
        port: where the daemon listens.
        take_screenshot: gives the current picture as a PNG.

    Raises:
        OSError: nobody listens there: BizHawk would not start.
        ValueError: `host` is not an address.

    Attributes:
        connected: set by the first connect and never cleared.
        successful: whether the last string or screenshot was sent.
        timeout: seconds that the socket object waits for data; None is for ever, and that is what each new one has.
        frozen: the reader has spun; EmuHawk would stand still.
        sent: bytes that left, of all connections.
        dropped: earlier socket objects, not closed: .NET closes them whenever its garbage collector runs.
    """

    def __init__(self, host: str, port: int, take_screenshot: Callable[[], bytes]) -> None:
        self.connected = self.successful = self.frozen = False
        self.sent = 0
        self.dropped: list[socket.socket] = []
        self._take_screenshot = take_screenshot
        self._host, self._port = host, port
        self.timeout: float | None = None
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        try:
            self._connect()
        except BaseException:
            self.close()
            raise

    @property
    def host(self) -> str:
        """The address; setting it connects at once."""
        return self._host

    @host.setter
    def host(self, host: str) -> None:
        self._host = host
        self._connect()

    @property
    def port(self) -> int:
        """The port; setting it connects at once."""
        return self._port

    @port.setter
    def port(self, port: int) -> None:
        self._port = port
        self._connect()

    def set_timeout(self, milliseconds: int) -> None:
        """Limit how long this socket object waits for data. 0 and -1 mean for ever.

        Raises:
            ValueError: below -1.
        """
        if milliseconds < -1:
            raise ValueError("Specified argument was out of the range of valid values.")
        self.timeout = milliseconds / 1000 if milliseconds > 0 else None

    def send_string(self, text: str) -> int:
        """Send text with its length; returns the bytes sent, or -1 on any error."""
        sent = self.send_bytes(prefix(text.encode("utf-8", "replace")))
        self.successful = sent > 0
        return sent

    def send_bytes(self, data: bytes) -> int:
        """Send bytes; returns how many, or -1 on any error. Waits while the peer's window is full."""
        try:
            self._socket.settimeout(None)
            self._socket.sendall(data)
        except OSError:
            return -1
        self.sent += len(data)
        return len(data)

    def send_screenshot(self) -> bool:
        """Send the picture as a PNG with its length; on an error connect again, ten tries in all.

        Raises:
            OSError: connecting again was refused.
        """
        data = prefix(self._take_screenshot())
        tries, sent = 0, 0
        while sent <= 0 and tries < _TRIES:
            tries += 1
            sent = self.send_bytes(data)
            if sent == -1:
                self._connect()
        # BizHawk counts so: what the tenth try sends was sent, and is reported as a failure.
        self.successful = tries < _TRIES
        return self.successful

    def receive_string(self) -> str:
        """Wait for one reply; "" on a time-out or any error, which may leave the stream out of step.

        Raises:
            FrozenError: the connection was closed gracefully before the prefix was complete.
        """
        try:
            self._socket.settimeout(self.timeout)
            return net_text(self._receive(self._receive_prefix()))
        except (OSError, ValueError):
            return ""

    def collect_garbage(self) -> None:
        """Run .NET's garbage collector: dropped socket objects are closed."""
        while self.dropped:
            self.dropped.pop().close()

    def close(self) -> None:
        """End the process: the system closes everything.

        A connection with a reply that nobody read is *reset* by that, and what the daemon had not yet received of it is
        lost: a script must collect every reply it is owed before it lets go.
        """
        self.collect_garbage()
        self._socket.close()

    def _connect(self) -> None:
        address = str(ipaddress.IPv4Address(self._host))
        self.dropped.append(self._socket)
        self.timeout = None
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        self._socket.connect((address, self._port))
        self.connected = True

    def _receive_prefix(self) -> int:
        digits = bytearray()
        zeros = 0
        while zeros < _SPINS:
            byte = self._socket.recv(1)
            if byte == b" ":
                length = int(digits.decode("ascii"))
                if not 0 <= length <= _LARGEST:
                    raise ValueError("not a length")
                return length
            digits += byte
            zeros = zeros + 1 if not byte else 0
        self.frozen = True
        raise FrozenError

    def _receive(self, length: int) -> bytes:
        payload = bytearray()
        while True:
            piece = self._socket.recv(min(length - len(payload), 1 << 20))
            if not piece:  # also what an empty payload comes to: BizHawk reads zero bytes and calls it an early end
                raise ConnectionError("ReceiveString terminated early")
            payload += piece
            if len(payload) == length:
                return bytes(payload)
