"""Compression of a session's binary files, zstandard. Pure.

Apart from what the page's process reads: that does without zstandard.
"""

import zstandard

from protocol.errors import DocumentError
from protocol.regions import MAX_REGION_BYTES, MAX_REGIONS

__all__ = ["pack_state", "unpack_image", "unpack_state"]

_LEVEL = 3
_LARGEST_STATE = 16 << 20


def unpack_image(data: bytes) -> bytes:
    """Unpack a memory image, which is never larger than all the regions that a session can have.

    Raises:
        DocumentError: it is not zstandard, or larger.
    """
    return _unpack(data, MAX_REGIONS * MAX_REGION_BYTES, "any console's memory")


def pack_state(state: bytes) -> bytes:
    """Pack a savestate, to `start_state.zst`."""
    return zstandard.compress(state, _LEVEL)


def unpack_state(data: bytes) -> bytes:
    """Unpack a savestate.

    Raises:
        DocumentError: it is not zstandard, or larger than a savestate.
    """
    return _unpack(data, _LARGEST_STATE, "any savestate")


def _unpack(data: bytes, largest: int, what: str) -> bytes:
    try:
        if zstandard.frame_content_size(data) > largest:
            raise DocumentError(f"it is larger than {what}")
        return zstandard.ZstdDecompressor().decompress(data, max_output_size=largest)
    except zstandard.ZstdError as error:
        raise DocumentError(f"it cannot be unpacked ({error})") from None
