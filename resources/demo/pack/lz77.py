"""LZ77 compression for the console's BIOS (GBATEK, "BIOS Decompression Functions", 11h)."""

__all__ = ["compress"]

_MARK = 0x10
_WINDOW = 0x1000
_SHORTEST, _LONGEST = 3, 18


def compress(data: bytes) -> bytes:
    """Compress `data`, padded to whole words.

    A head word (the mark 10h and the unpacked size), then groups of eight blocks behind a flag byte, highest bit first:
    0 is one literal byte, 1 is a copy of 3 to 18 bytes from up to 4096 bytes back.
    """
    out = bytearray((len(data) << 8 | _MARK).to_bytes(4, "little"))
    seen: dict[bytes, list[int]] = {}
    at = 0
    while at < len(data):
        flags_at = len(out)
        out.append(0)
        for bit in range(7, -1, -1):
            if at >= len(data):
                break
            length, back = _longest_match(data, at, seen.get(data[at : at + _SHORTEST], []))
            if length >= _SHORTEST:
                out[flags_at] |= 1 << bit
                out += ((length - _SHORTEST) << 12 | (back - 1)).to_bytes(2, "big")
            else:
                length = 1
                out.append(data[at])
            for position in range(at, at + length):
                seen.setdefault(data[position : position + _SHORTEST], []).append(position)
            at += length
    return bytes(out) + bytes(-len(out) % 4)


def _longest_match(data: bytes, at: int, candidates: list[int]) -> tuple[int, int]:
    best, back = 0, 0
    limit = min(_LONGEST, len(data) - at)
    for position in reversed(candidates):
        if at - position > _WINDOW:
            break
        length = 0
        while length < limit and data[position + length] == data[at + length]:
            length += 1
        if length > best:
            best, back = length, at - position
            if best == limit:
                break
    return best, back
