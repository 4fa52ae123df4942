"""Document of `event.json` around its rows of changes: joined, split, and its frames. Pure.

The keys that the original's tools read come first and in their order; ours follow. Each row of changes stands on a line
of its own (`change_rows`); everything else is on two lines, so that it can be read without them.

Frame sets of the original have none of our keys: time, program counter and buttons are given once for the whole set, so
each of its frames gets them, with an empty key history. Its later converters write lists instead, `buttons` and
`program_counters`, with an entry for each frame.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any

import orjson

from protocol.console import NO_KEYS
from protocol.session.frame_set import FrameRecord
from protocol.session.json_values import json_object, reading, texts

__all__ = ["END_BYTES", "count_changes", "event_ends", "frames_of", "join_event", "split_event"]

_OPEN, _CLOSE = b'"memory_changes":[', b"\n],"
_EMPTY = _OPEN + b"]"
_LAST_KEYS = b',"whole":'
"""First of the keys that follow the frames."""

_REGION = re.compile(rb'\{"region":"([^"]*)"')

END_BYTES = (1024, 512)
"""Bytes at both ends of a file that hold everything but rows and frames, unless there are many flaws."""


def join_event(head: Mapping[str, Any], rows: bytes, tail: Mapping[str, Any]) -> bytes:
    """Write `event.json`.

    Args:
        head: keys before the changes.
        rows: one on each line, joined by commas, without a line feed at the end; empty for no changes.
        tail: keys behind the changes.
    """
    changes = b"\n%b\n" % rows if rows else b""
    return b"".join((orjson.dumps(head)[:-1], b",", _OPEN, changes, b"],", orjson.dumps(tail)[1:], b"\n"))


def split_event(data: bytes) -> tuple[bytes, bytes] | None:
    """Take the rows out of an `event.json`.

    Returns:
        The document with no memory changes, and the rows; None where it is not laid out as ours.
    """
    start = data.find(_OPEN)
    if start < 0:
        return None
    if data.startswith(_EMPTY, start):
        return data, b""
    first = start + len(_OPEN) + 1
    end = data.rfind(_CLOSE, first)
    if end < 0 or data[first - 1 : first] != b"\n":
        return None
    return data[:start] + _EMPTY + data[end + 2 :], data[first:end]


def count_changes(data: bytes) -> tuple[dict[str, Any], dict[str, int]]:
    """Read an `event.json` without its changes, which are counted by region.

    Rows of ours are counted without being parsed.

    Raises:
        DocumentError: it is not the `event.json` of a frame set.
    """
    parts = split_event(data)
    if parts is not None:
        return json_object(parts[0]), dict(Counter(name.decode() for name in _REGION.findall(parts[1])))
    document = json_object(data)
    with reading():
        return document, dict(Counter(str(row.get("region", "")) for row in document.pop("memory_changes", ())))


def event_ends(head: bytes, tail: bytes) -> dict[str, Any] | None:
    """Read the document from both ends of an `event.json`, without rows and frames.

    Args:
        head: its first bytes, `END_BYTES[0]` of them or more.
        tail: its last ones, `END_BYTES[1]`.

    Returns:
        The keys of both; None where it is not laid out as ours, has no changes, or the parts are too short.
    """
    start, end = head.find(_OPEN + b"\n"), tail.rfind(_LAST_KEYS)
    if start < 0 or end < 0:
        return None
    with suppress(orjson.JSONDecodeError):
        document = orjson.loads(head[:start].rstrip(b",") + tail[end:])
        return document if isinstance(document, dict) else None
    return None


def frames_of(document: Mapping[str, Any]) -> tuple[FrameRecord, ...]:
    """Read the frames of an `event.json`, whatever its layout.

    Args:
        document: the file's object.

    Raises:
        DocumentError: it is not the `event.json` of a frame set.
    """
    with reading():
        return tuple(_frames(document))


def _frames(document: Mapping[str, Any]) -> Iterator[FrameRecord]:
    if "frames" in document:
        for frame in document["frames"]:
            yield FrameRecord(
                frame=int(frame["frame"]),
                timestamp=int(frame["timestamp"]),
                pc=int(frame["pc"], 16),
                current_keys=_combination(frame["current_keys"]),
                key_history=texts(frame["key_history"]),
            )
        return
    timestamp, numbers = int(document["timestamp"]), document["frames_in_set"]
    if "buttons" in document:
        keys = _of_each(numbers, document["buttons"])
        pcs = [_pc(pc) for pc in _of_each(numbers, document.get("program_counters"))]
    else:
        keys, pcs = [document["current_keys"]] * len(numbers), [int(document["pc"], 16)] * len(numbers)
    for number, held, pc in zip(numbers, keys, pcs, strict=True):
        yield FrameRecord(int(number), timestamp, pc, _combination(held), ())


def _of_each(numbers: Sequence[object], value: object) -> list[Any]:
    """Return the value of each frame of a set, of a list that may be short or one for all."""
    listed = value[: len(numbers)] if isinstance(value, list) else [value] * len(numbers)
    return [*listed, *[None] * (len(numbers) - len(listed))]


def _pc(value: str | int | None) -> int:
    """Read a program counter; later converters of the original may leave it out, it is 0 then."""
    return 0 if value is None else int(value, 16) if isinstance(value, str) else int(value)


def _combination(keys: object) -> str:
    """Join what is held; the original nests lists and mixes in `None`."""
    if isinstance(keys, str):
        return "" if keys == NO_KEYS else keys
    if isinstance(keys, list):
        return "+".join(filter(None, map(_combination, keys)))
    return ""
