"""Server socket and connections of the emulators. Shell around `protocol.link.connection`.

Everything about meaning is the `Recorder`'s. A connection ends with a farewell and then a reset: after a graceful
close EmuHawk would spin for ever in its read.
"""

import asyncio
import contextlib
import socket
import struct
import sys
from collections import OrderedDict
from collections.abc import Callable
from typing import Protocol

from daemon.link.quick_ack import acknowledge_at_once, acknowledge_every_segment
from daemon.machine.file_limit import connections_allowed
from protocol.errors import GreetingError, PeerError
from protocol.link.connection import Link, LinkState, Received
from protocol.link.messages import Bye, Farewell, Hello, Refused, Reply
from protocol.listening import listening_socket

__all__ = ["FAREWELL_GRACE", "MAX_SILENT_HARD", "MAX_SILENT_SOFT", "SILENT_GRACE_S", "Connection", "Ingest", "Listener"]

MAX_SILENT_SOFT = 64
"""Silent connections kept: beyond it the oldest is reset, once its grace period is over."""

SILENT_GRACE_S = 2.0
"""Grace period before eviction, in seconds: a hundred emulators may be started at once."""

MAX_SILENT_HARD = 512
"""Silent connections kept within their grace period; at most half of those that the process may have."""

FAREWELL_GRACE = 0.25
"""Seconds between a farewell and the reset, for the emulator to read it: a reset discards what was not read."""

_OUT_OF_FILES_PAUSE = 0.1
"""Seconds until the next try where the system has no descriptor for another connection."""

_PIECE = 1 << 15
"""Bytes that are read from a connection at a time: a few frame sets."""

_LINGER = struct.pack("hh" if sys.platform == "win32" else "ii", 1, 0)


class Listener(Protocol):
    """Receiver of what connections send."""

    def received(self, connection: "Connection", event: Received) -> None:
        """Handle one event; `PeerError` ends the connection."""

    def lost(self, connection: "Connection", reason: str) -> None:
        """Take the end of a connection; called once for each that sent HELLO."""

    def rejected(self, peer: str, reason: str) -> None:
        """Take note of a connection that was ended because it sent no valid HELLO."""


class Connection(asyncio.BufferedProtocol):
    """One connection of an emulator.

    Args:
        listener: receives what the emulator sends.
        opened: called once when the connection is there.
        spoke: called when the connection has sent its HELLO, or has ended.
        closed: called when the connection has ended.

    Attributes:
        peer: its address and port, for people.
    """

    def __init__(
        self,
        listener: Listener,
        opened: Callable[["Connection"], None],
        spoke: Callable[["Connection"], None],
        closed: Callable[[], None],
    ) -> None:
        self.peer = "?"
        self._listener = listener
        self._opened = opened
        self._spoke = spoke
        self._closed = closed
        self._link = Link()
        self._received = memoryview(bytearray(_PIECE))
        self._transport: asyncio.Transport | None = None
        self._sender: socket.socket | None = None
        self._reason = "the emulator closed the connection"

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ask for small replies to be sent at once, and for a reset at the end."""
        assert isinstance(transport, asyncio.Transport)  # noqa: S101 - what a TCP server is given
        self._transport = transport
        host, port = (transport.get_extra_info("peername") or ("?", 0))[:2]
        self.peer = f"{host}:{port}"
        raw = transport.get_extra_info("socket")
        raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER)
        self._sender = raw.dup()
        acknowledge_every_segment(self._sender)
        self._sender.setblocking(False)  # noqa: FBT003 - the socket module's own signature
        self._opened(self)

    def get_buffer(self, sizehint: int) -> memoryview:  # noqa: ARG002 - the loop's own signature
        """Return the receive buffer, always the same: to make one for each receipt takes longer."""
        return self._received

    def buffer_updated(self, nbytes: int) -> None:
        """Feed the link and pass on what it yields."""
        if self._sender is not None:
            acknowledge_at_once(self._sender)
        try:
            for event in self._link.receive_data(self._received[:nbytes]):
                if isinstance(event, Hello):
                    self._spoke(self)
                self._listener.received(self, event)
                if isinstance(event, Bye):
                    self._reset_soon("the script sent BYE")
        except GreetingError as error:
            self._spoke(self)
            self._listener.rejected(self.peer, str(error))
            self.send(Refused(str(error)))
        except PeerError as error:
            self.farewell(str(error))

    def connection_lost(self, exc: Exception | None) -> None:
        """Pass the end on to the listener."""
        self._transport = None
        self._closed()
        if self._sender is not None:
            self._sender.close()
        if self._link.is_silent():
            self._spoke(self)
        else:
            self._listener.lost(self, str(exc) if exc else self._reason)

    def send(self, reply: Reply) -> None:
        """Send a reply; on a connection that has ended it is dropped, the script asks again."""
        if self._transport is None or self._link.is_closed() or self._link.has_parted():
            return
        self._link.send(reply)
        self._flush()
        if isinstance(reply, Refused | Farewell):
            self._reset_soon(reply.reason)

    def part(self, reason: str) -> None:
        """Send a farewell, and go on to read what the emulator sends before it has read that.

        You must `farewell` it later.
        """
        if self._link.state is LinkState.OPEN:
            self._link.part(reason)
            self._flush()

    def pause(self) -> None:
        """Read nothing more for now: the system holds the emulator back."""
        if self._transport is not None:
            self._transport.pause_reading()

    def resume(self) -> None:
        """Read on."""
        if self._transport is not None and not self._transport.is_closing():
            self._transport.resume_reading()

    def farewell(self, reason: str) -> None:
        """End the connection: send the reason, then reset."""
        if self._link.is_silent():
            self._listener.rejected(self.peer, reason)
            self.reset(reason)
        elif self._link.has_parted():
            self._link.close()
            self._reset_soon(reason)
        elif not self._link.is_closed():
            self.send(Farewell(reason))

    def reset(self, reason: str) -> None:
        """End the connection at once."""
        self._reason = reason
        if self._transport is not None:
            self._transport.abort()

    def _flush(self) -> None:
        if self._sender is None:
            return
        # Not by the transport: a failed write would close it together with what the emulator sent before it went, its
        # BYE perhaps. A reply is far smaller than a socket's buffer, so it goes whole or not at all.
        with contextlib.suppress(OSError):
            self._sender.send(self._link.data_to_send())

    def _reset_soon(self, reason: str) -> None:
        self._reason = reason
        asyncio.get_running_loop().call_later(FAREWELL_GRACE, lambda: self.reset(self._reason))


class Ingest:
    """Server for the connections of emulators.

    Args:
        listener: receives what they send.
        most: connections at a time; while there are as many, others wait in the system. By default as many as this
            process may have.
    """

    def __init__(self, listener: Listener, most: int | None = None) -> None:
        self._listener = listener
        self._most = connections_allowed() if most is None else most
        self._most_silent = min(MAX_SILENT_HARD, self._most // 2)
        self._open = 0
        self._has_room = asyncio.Event()
        self._has_room.set()
        self._is_empty = asyncio.Event()
        self._listening: socket.socket | None = None
        self._accepting: asyncio.Task[None] | None = None
        self._silent: OrderedDict[Connection, float] = OrderedDict()
        self._clearing: asyncio.TimerHandle | None = None

    async def open(self, host: str, port: int) -> int:
        """Begin to listen.

        Returns:
            The port, chosen by the system where `port` is 0.

        Raises:
            PortInUseError: another program listens there.
        """
        listening: socket.socket = listening_socket(
            socket, "emulators connect to it", host, port, "--link-port", "--host"
        )
        listening.setblocking(False)  # noqa: FBT003 - the socket module's own signature
        self._listening = listening
        self._accepting = asyncio.create_task(self._accept(listening), name="link")
        return int(listening.getsockname()[1])

    async def close(self) -> None:
        """Stop listening and reset the silent connections."""
        if self._accepting is not None:
            self._accepting.cancel()
            await asyncio.wait({self._accepting})
        if self._listening is not None:
            self._listening.close()
        if self._clearing is not None:
            self._clearing.cancel()
        for connection in list(self._silent):
            connection.reset("the daemon was stopped")
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(2 * FAREWELL_GRACE):
                while self._open:
                    self._is_empty.clear()
                    await self._is_empty.wait()

    async def _accept(self, listening: socket.socket) -> None:
        """Accept one connection at a time; asyncio's own server accepts all that wait at once."""
        loop = asyncio.get_running_loop()
        while True:
            await self._has_room.wait()
            try:
                accepted, _ = await loop.sock_accept(listening)
            except OSError:  # The peer has disconnected already, or there is no descriptor left.
                await asyncio.sleep(_OUT_OF_FILES_PAUSE)
                continue
            self._count(1)
            try:
                await loop.connect_accepted_socket(self._connection, accepted)
            except OSError:
                accepted.close()
                self._count(-1)

    def _connection(self) -> Connection:
        return Connection(self._listener, self._connection_opened, self._connection_spoke, lambda: self._count(-1))

    def _count(self, more: int) -> None:
        self._open += more
        if self._open < self._most:
            self._has_room.set()
        else:
            self._has_room.clear()
        if not self._open:
            self._is_empty.set()

    def _connection_opened(self, connection: Connection) -> None:
        self._silent[connection] = asyncio.get_running_loop().time()
        self._make_room()

    def _make_room(self) -> None:
        """Reset the oldest silent connections beyond `MAX_SILENT_SOFT` after their grace period."""
        loop = asyncio.get_running_loop()
        while len(self._silent) > MAX_SILENT_SOFT:
            oldest, since = next(iter(self._silent.items()))
            grace = since + SILENT_GRACE_S - loop.time()
            if grace > 0 and len(self._silent) <= self._most_silent:
                if self._clearing is None:
                    self._clearing = loop.call_later(grace, self._clear)
                return
            del self._silent[oldest]
            oldest.farewell("too many connections sent nothing")

    def _clear(self) -> None:
        self._clearing = None
        self._make_room()

    def _connection_spoke(self, connection: Connection) -> None:
        self._silent.pop(connection, None)
