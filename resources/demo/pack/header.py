"""The cartridge header (GBATEK, "GBA Cartridge Header")."""

__all__ = ["finish_cartridge"]

_TITLE, _CODE, _MAKER, _FIXED, _CHECKSUM = 0xA0, 0xAC, 0xB0, 0xB2, 0xBD


def finish_cartridge(program: bytes, title: str, code: str, maker: str) -> bytes:
    """Fill in the header of a linked program and pad it to a whole number of 16-byte lines.

    The console maker's logo (04h to 9Fh) stays zero: it is not ours to copy, and emulators that start a game without a
    BIOS image do not look at it.

    Args:
        program: the bytes as linked, its first 192 kept free for the header; its first word is the jump to the start
            code.
        title: up to 12 capital letters.
        code: four letters that no released game uses.
        maker: two letters.
    """
    rom = bytearray(program + bytes(-len(program) % 16))
    rom[_TITLE:_CODE] = title.encode("ascii").ljust(_CODE - _TITLE, b"\0")
    rom[_CODE:_MAKER] = code.encode("ascii")
    rom[_MAKER:_FIXED] = maker.encode("ascii")
    rom[_FIXED] = 0x96
    rom[_CHECKSUM] = -(0x19 + sum(rom[_TITLE:_CHECKSUM])) & 0xFF
    return bytes(rom)
