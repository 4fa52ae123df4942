"""The smallest game there is: it counts, looks at the buttons, and paints three dots.

Assembled by hand for the ARM7TDMI (GBATEK, memory map and I/O map):

    IWRAM+0   grows by one as fast as the processor goes
    IWRAM+4   KEYINPUT, the buttons, 0 where pressed
    screen    mode 3; the first three pixels are red, green and blue
"""

import struct
from pathlib import Path

LOOP = range(0x0800_00F4, 0x0800_0108)
"""Addresses of the game's loop."""

_CODE = (
    0xE3A00301,  # mov  r0, #0x04000000
    0xE3A01B01,  # mov  r1, #0x400        background 2
    0xE3811003,  # orr  r1, r1, #3        mode 3
    0xE1C010B0,  # strh r1, [r0]          DISPCNT
    0xE2803E13,  # add  r3, r0, #0x130    KEYINPUT
    0xE3A04403,  # mov  r4, #0x03000000   IWRAM
    0xE3A00406,  # mov  r0, #0x06000000   VRAM
    0xE3A0101F,  # mov  r1, #0x1f         red
    0xE1C010B0,  # strh r1, [r0]
    0xE3A01E3E,  # mov  r1, #0x3e0        green
    0xE1C010B2,  # strh r1, [r0, #2]
    0xE3A01B1F,  # mov  r1, #0x7c00       blue
    0xE1C010B4,  # strh r1, [r0, #4]
    0xE2855001,  # loop: add r5, r5, #1
    0xE5845000,  # str  r5, [r4]
    0xE1D320B0,  # ldrh r2, [r3]
    0xE5842004,  # str  r2, [r4, #4]
    0xEAFFFFFA,  # b    loop
)


def tiny_game(title: bytes = b"TINY") -> bytes:
    """Build the game: a header with a branch over it, then the code."""
    header = bytearray(0xC0)
    header[0:4] = struct.pack("<I", 0xEA00002E)  # b 0x080000c0
    header[0xA0:0xAC] = title.ljust(12, b"\0")
    header[0xB2] = 0x96
    return bytes(header) + struct.pack(f"<{len(_CODE)}I", *_CODE) + bytes(0x200)


def tiny_multiboot_game() -> bytes:
    """Build the game as a cable sends it: it runs in EWRAM, and its entry point is the branch at 0xC0."""
    entry = struct.pack("<I", 0xEA000010).ljust(0x48, b"\0")  # b 0x02000108
    return tiny_game()[:0xC0] + entry + tiny_game()[0xC0:]


def write_tiny_game(folder: Path, name: str = "tiny_game.gba", title: bytes = b"TINY") -> Path:
    """Write the game to a file."""
    path = folder / name
    path.write_bytes(tiny_game(title))
    return path
