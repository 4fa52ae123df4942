"""Windows programs that hold nothing but a version, as the version resource of a real one does."""

import struct
from pathlib import Path

__all__ = ["write_program"]

_RESOURCES = 0x1000
"""Address of the resources in memory; they lie at 0x200 in the file."""


def write_program(path: Path, version: tuple[int, ...] | None) -> Path:
    """Write a program for 64-bit Windows (PE format, Microsoft's specification, revision 11).

    Args:
        path: the file.
        version: its file version, up to four numbers; None for a program without resources.
    """
    resources = b"" if version is None else _tree(_version_info((*version, 0, 0, 0)[:4]))
    size = -(-len(resources) // 0x200) * 0x200
    dos = b"MZ" + bytes(58) + struct.pack("<I", 64)
    coff = struct.pack("<4sHHIIIHH", b"PE\0\0", 0x8664, 1 if resources else 0, 0, 0, 0, 240, 0x22)
    directories = [(0, 0)] * 16
    if resources:
        directories[2] = (_RESOURCES, len(resources))
    optional = struct.pack(
        "<HBBIIIIIQIIHHHHHHIIIIHHQQQQII",
        *(0x20B, 14, 0, 0, size, 0, 0, 0x1000, 0x1_4000_0000, 0x1000, 0x200, 6, 0, 0, 0, 6, 0, 0),
        *(0x2000 if resources else 0x1000, 0x200, 0, 2, 0, 0x10_0000, 0x1000, 0x10_0000, 0x1000, 0, 16),
    ) + b"".join(struct.pack("<II", *where) for where in directories)
    section = struct.pack("<8sIIIIIIHHI", b".rsrc", len(resources), _RESOURCES, size, 0x200, 0, 0, 0, 0, 0x4000_0040)
    headers = dos + coff + optional + (section if resources else b"")
    path.write_bytes(headers.ljust(0x200, b"\0") + resources.ljust(size, b"\0"))
    return path


def _tree(data: bytes) -> bytes:
    """Put data into a resource tree of one leaf: type 16 (version), name 1, language 1033."""
    levels = b""
    for depth, number in enumerate((16, 1, 1033)):
        below = 24 * (depth + 1)
        levels += struct.pack("<IIHHHHII", 0, 0, 0, 0, 0, 1, number, below | (0x8000_0000 if depth < 2 else 0))
    return levels + struct.pack("<IIII", _RESOURCES + 88, len(data), 0, 0) + data


def _version_info(version: tuple[int, ...]) -> bytes:
    """Write VS_VERSIONINFO with its fixed part only (winver.h, VS_FIXEDFILEINFO)."""
    major, minor, patch, build = version
    high, low = major << 16 | minor, patch << 16 | build
    fixed = struct.pack("<13I", 0xFEEF_04BD, 0x1_0000, high, low, high, low, 0x3F, 0, 4, 1, 0, 0, 0)
    key = "VS_VERSION_INFO\0".encode("utf-16-le")
    head = 6 + len(key)
    padding = bytes(-head % 4)
    length = head + len(padding) + len(fixed)
    return struct.pack("<HHH", length, len(fixed), 0) + key + padding + fixed
