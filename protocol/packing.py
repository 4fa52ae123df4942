"""MessagePack as link and bus use it: typed functions around the library."""

from collections.abc import Iterator
from typing import Any

import msgpack

from protocol.errors import MessageError

__all__ = ["StreamUnpacker", "pack", "unpack"]


def pack(value: Any) -> bytes:
    """Write a value: text as `str`, bytes as `bin`, everything in its shortest form.

    Raises:
        MessageError: it holds what MessagePack cannot, a lone surrogate or an integer of more than 64 bits for one.
    """
    try:
        packed: bytes = msgpack.packb(value, use_bin_type=True)
    except (ValueError, OverflowError):
        raise MessageError("a message holds signs or numbers that cannot be written") from None
    return packed


def unpack(data: bytes, *, arrays: type[list[Any]] | type[tuple[Any, ...]] = list) -> Any:
    """Read a value; arrays come as lists or tuples.

    Raises:
        MessageError: the data are not exactly one MessagePack value with text keys.
    """
    try:
        return msgpack.unpackb(data, use_list=arrays is list, strict_map_key=True)
    except (ValueError, TypeError, msgpack.UnpackException, RecursionError):
        raise MessageError("a message is not MessagePack") from None


class StreamUnpacker:
    """Reader of values out of a byte stream, from a sender that is trusted.

    Args:
        arrays: as what arrays come.
    """

    def __init__(self, arrays: type[list[Any]] | type[tuple[Any, ...]] = tuple) -> None:
        self._unpacker = msgpack.Unpacker(use_list=arrays is list, max_buffer_size=0)

    def receive_data(self, data: bytes | memoryview) -> Iterator[Any]:
        """Take bytes and yield the values that they complete."""
        self._unpacker.feed(data)
        yield from self._unpacker
