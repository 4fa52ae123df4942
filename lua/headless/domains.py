"""BizHawk's memory domains of the GBA, over the views that a core gives. Pure.

Source of names, order, sizes and rights: `GBA/MGBAHawk.IMemoryDomains.cs`.
"""

from collections.abc import Mapping
from struct import Struct
from typing import Protocol

from lua.headless.core import MEMORY_MAP

__all__ = ["BufferDomain", "CombinedDomain", "Domain", "SystemBus", "gba_domains"]

_U32 = Struct("<I")
_IN_ORDER = ("IWRAM", "EWRAM", "BIOS", "PALRAM", "VRAM", "OAM", "ROM", "SRAM")
_READ_ONLY = {"BIOS"}

_BUS_SIZE = 0x1000_0000
_MIRRORS = {
    **{base >> 24: (name, size - 1) for name, (base, size) in MEMORY_MAP.items()},
    0x04: ("IO", 0x00FF_FFFF),
    0x06: ("VRAM", 0x0001_FFFF),
    **dict.fromkeys(range(0x08, 0x0E), ("ROM", 0x01FF_FFFF)),
    0x0F: ("SRAM", 0x0001_FFFF),
}
"""By the upper byte of a bus address: the memory there, and the mask that makes its mirrors (GBATEK, memory map)."""

_VRAM_FOLD = 0x18000
"""VRAM is 96 KiB in a window of 128: the last 32 KiB of the window show its last 32 KiB again."""


class Domain(Protocol):
    """A range of addresses from 0 that a script can read."""

    name: str
    size: int
    writable: bool

    def read(self, address: int, length: int) -> bytes:
        """Copy bytes out; the range is inside the domain."""
        ...

    def read_u32(self, address: int) -> int:
        """Read a little-endian word; its four bytes are inside the domain."""
        ...

    def write(self, address: int, data: bytes) -> None:
        """Copy bytes in; the range is inside the domain."""
        ...


class BufferDomain:
    """A domain that is one block of memory."""

    def __init__(self, name: str, view: memoryview, *, writable: bool) -> None:
        self.name, self.size, self.writable = name, len(view), writable and not view.readonly
        self._view = view

    def read(self, address: int, length: int) -> bytes:
        """Copy out in bulk."""
        return bytes(self._view[address : address + length])

    def read_u32(self, address: int) -> int:
        """Read a word."""
        word: int = _U32.unpack_from(self._view, address)[0]
        return word

    def write(self, address: int, data: bytes) -> None:
        """Copy in, in bulk."""
        self._view[address : address + len(data)] = data


class CombinedDomain:
    """Several blocks of memory one after another."""

    def __init__(self, name: str, parts: tuple[Domain, ...]) -> None:
        self.name, self.size = name, sum(part.size for part in parts)
        self.writable = all(part.writable for part in parts)
        self._parts = parts

    def read(self, address: int, length: int) -> bytes:
        """Join what each part has of the range."""
        pieces = []
        for part in self._parts:
            start, end = max(address, 0), min(address + length, part.size)
            if start < end:
                pieces.append(part.read(start, end - start))
            address -= part.size
        return b"".join(pieces)

    def read_u32(self, address: int) -> int:
        """Read a word, wherever it lies."""
        return int.from_bytes(self.read(address, 4), "little")

    def write(self, address: int, data: bytes) -> None:
        """Write to each part what it has of the range."""
        for part in self._parts:
            start, end = max(address, 0), min(address + len(data), part.size)
            if start < end:
                part.write(start, data[start - address : end - address])
            address -= part.size


class SystemBus:
    """Addresses as the processor sees them, mirrors included. Unused ones read as 0."""

    name = "System Bus"
    size = _BUS_SIZE
    writable = True

    def __init__(self, memories: Mapping[str, memoryview]) -> None:
        self._memories = memories

    def read(self, address: int, length: int) -> bytes:
        """Read byte by byte, in runs that lie together."""
        out = bytearray()
        while len(out) < length:
            view, offset = self._locate(address + len(out))
            run = view[offset : offset + length - len(out)]
            out += run or b"\0"
        return bytes(out)

    def read_u32(self, address: int) -> int:
        """Read a word byte by byte, as BizHawk does."""
        return int.from_bytes(self.read(address, 4), "little")

    def write(self, address: int, data: bytes) -> None:
        """Write byte by byte; where nothing answers a write is lost."""
        for index, byte in enumerate(data):
            view, offset = self._locate(address + index)
            if offset < len(view) and not view.readonly and (address + index) >> 24 != 0x00:
                view[offset] = byte

    def _locate(self, address: int) -> tuple[memoryview, int]:
        name, mask = _MIRRORS.get(address >> 24, ("", 0))
        offset = address & mask
        if name == "VRAM" and offset >= _VRAM_FOLD:
            offset -= 0x8000
        return self._memories.get(name, memoryview(b"")), offset


def gba_domains(memories: Mapping[str, memoryview]) -> dict[str, Domain]:
    """Build BizHawk's domains of a GBA, in BizHawk's order.

    Args:
        memories: live views as `Core.memories` gives them; empty without a game.
    """
    domains: dict[str, Domain] = {
        name: BufferDomain(name, memories[name], writable=name not in _READ_ONLY)
        for name in _IN_ORDER
        if name in memories
    }
    if domains:
        domains["Combined WRAM"] = CombinedDomain("Combined WRAM", (domains["EWRAM"], domains["IWRAM"]))
    domains["System Bus"] = SystemBus(memories)
    return domains
