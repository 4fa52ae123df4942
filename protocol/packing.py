"""MessagePack as link and bus use it: the library behind two typed functions, its errors translated once."""

from typing import Any

import msgpack

from protocol.errors import MessageError

__all__ = ["pack", "unpack"]


def pack(value: Any) -> bytes:
    """Write a value: text as `str`, bytes as `bin`, everything in its shortest form."""
    packed: bytes = msgpack.packb(value, use_bin_type=True)
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
