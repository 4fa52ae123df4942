"""Game files: reading one, and its hash as BizHawk computes it."""

import hashlib
from pathlib import Path

from protocol.errors import RomError

__all__ = ["hash_of", "read_rom"]

_HEADER = 0xC0
"""Bytes of a cartridge header (GBATEK, GBA cartridge header)."""

_LARGEST_ROM = 0x200_0000
"""Bytes: the bus shows 32 MiB of cartridge (GBATEK, memory map)."""


def read_rom(path: Path) -> bytes:
    """Read a game file.

    Raises:
        RomError: it is missing, cannot be read, or is no GBA game by its size.
    """
    try:
        rom = path.read_bytes()
    except FileNotFoundError:
        raise RomError(f"There is no game at {path}: name a .gba file.") from None
    except OSError as error:
        raise RomError(f"The game {path} cannot be read: {error.strerror}.") from error
    if not _HEADER <= len(rom) <= _LARGEST_ROM:
        raise RomError(f"{path} is not a GBA game: it has {len(rom):,} bytes, a game has 192 to 33,554,432.")
    return rom


def hash_of(rom: bytes) -> str:
    """Hash a game file's content: SHA-1, upper-case hex."""
    return hashlib.sha1(rom).hexdigest().upper()  # noqa: S324 - BizHawk's choice, not a protection
