"""Savestate from which a headless session starts, `start_state.zst`. Pure.

Apart from `origin`, which the page's process reads: that does without zstandard.
"""

import zstandard

from protocol.errors import DocumentError

__all__ = ["pack_state", "unpack_state"]

_LEVEL = 3
_LARGEST = 16 << 20


def pack_state(state: bytes) -> bytes:
    """Write a savestate."""
    return zstandard.compress(state, _LEVEL)


def unpack_state(data: bytes) -> bytes:
    """Read a savestate.

    Raises:
        DocumentError: it is not zstandard, or larger than a savestate.
    """
    try:
        return zstandard.ZstdDecompressor().decompress(data, max_output_size=_LARGEST)
    except zstandard.ZstdError as error:
        raise DocumentError(f"it cannot be unpacked ({error})") from None
