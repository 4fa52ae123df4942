"""An emulator at the other end of a real socket, for tests of the link."""

import asyncio
import contextlib
import socket
import struct
import sys
from collections.abc import AsyncIterator
from typing import Self

from protocol.link.codec import decode, encode
from protocol.link.connection import Screenshot
from protocol.link.framing import PayloadReader, prefix
from protocol.link.messages import Message, Reply
from tests.fakes.patience import PATIENCE

__all__ = ["Emulator", "emulator"]

_LINGER_RESET = struct.pack("hh" if sys.platform == "win32" else "ii", 1, 0)


class Emulator:
    """One connection of an emulator."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer
        self._frames = PayloadReader()
        self._next_seq = 0

    @classmethod
    async def connect(cls, port: int) -> Self:
        """Connect, and say nothing yet."""
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER_RESET)
        return cls(reader, writer)

    async def say(self, *messages: Message | Screenshot) -> None:
        """Send messages, numbered as they go."""
        for message in messages:
            if isinstance(message, Screenshot):
                self._writer.write(prefix(message.png))
            else:
                self._writer.write(prefix(encode(message, self._next_seq)))
                self._next_seq += 1
        await self._writer.drain()

    async def say_bytes(self, data: bytes) -> None:
        """Send bytes as they are."""
        self._writer.write(data)
        await self._writer.drain()

    async def hear(self) -> Reply:
        """Read one reply.

        Raises:
            ConnectionResetError: the daemon reset the connection.
        """
        async with asyncio.timeout(PATIENCE):
            while (payload := self._frames.next_payload()) is None:
                data = await self._reader.read(65536)
                assert data, "the daemon closed the connection gracefully: EmuHawk would spin for ever"
                self._frames.receive_data(data)
        _, reply = decode(payload)
        assert isinstance(reply, Reply)
        return reply

    async def ask(self, *messages: Message | Screenshot) -> Reply:
        """Send messages, then read one reply."""
        await self.say(*messages)
        return await self.hear()

    async def is_reset(self) -> bool:
        """Wait for what comes next: whether it is a reset, and not words or a graceful end."""
        async with asyncio.timeout(PATIENCE):
            try:
                await self._reader.read(65536)
            except ConnectionResetError:
                return True
        return False

    async def vanish(self) -> None:
        """End as a killed emulator does: with a reset."""
        self._writer.transport.abort()
        with contextlib.suppress(ConnectionError):
            await self._writer.wait_closed()


@contextlib.asynccontextmanager
async def emulator(port: int) -> AsyncIterator[Emulator]:
    """Connect an emulator for the length of an `async with`."""
    connected = await Emulator.connect(port)
    try:
        yield connected
    finally:
        await connected.vanish()
