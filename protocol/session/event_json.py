"""Frame sets as the bytes of `event.json`, and back. Pure.

Files of the original's converters are read as well (`event_document`).
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby, pairwise
from operator import itemgetter
from typing import Any

import numpy as np

from protocol.changes import U32
from protocol.errors import DocumentError
from protocol.session.change_rows import change_rows
from protocol.session.event_document import frames_of, join_event
from protocol.session.frame_set import FrameSet, ScanChanges, hex_word, key_list
from protocol.session.json_values import json_object, reading, text, texts
from protocol.session.metadata import ORIGINAL_CHUNKS, ChunkGrid, ChunkGrids

__all__ = ["event_json", "parse_event"]


def event_json(frame_set: FrameSet) -> bytes:
    """Write `event.json`: the original's six keys in their order, then ours; one change a line."""
    last = frame_set.frames[-1]
    head = {
        "timestamp": last.timestamp,
        "pc": hex_word(last.pc),
        "current_keys": key_list(last.current_keys),
        "frame_set_id": frame_set.frame_set_id,
        "frames_in_set": [frame.frame for frame in frame_set.frames],
    }
    tail = {
        "frames": [
            {
                "frame": frame.frame,
                "timestamp": frame.timestamp,
                "pc": hex_word(frame.pc),
                "current_keys": key_list(frame.current_keys),
                "key_history": frame.key_history,
                "position": position,
            }
            for position, frame in enumerate(frame_set.frames)
        ],
        "whole": frame_set.whole,
        "flaws": frame_set.flaws,
        **({"interruption": frame_set.interruption} if frame_set.interruption else {}),
    }
    return join_event(head, change_rows(frame_set.changes), tail)


def parse_event(data: bytes, png: bytes = b"", grids: ChunkGrids = ORIGINAL_CHUNKS) -> FrameSet:
    """Read `event.json`, whatever its layout.

    Args:
        data: the file.
        png: the frame set's screenshot, empty without one.
        grids: how the session's regions were cut; a change in a region without a grid is in chunk 0.

    Raises:
        DocumentError: it is not the `event.json` of a frame set.
    """
    document = json_object(data)
    frames = frames_of(document)
    if not frames:
        raise DocumentError("it has no frames")
    with reading():
        return FrameSet(
            frame_set_id=int(document["frame_set_id"]),
            frames=frames,
            changes=tuple(_scans(document["memory_changes"], grids)),
            flaws=texts(document.get("flaws", [])),
            png=png,
            interruption=text(document.get("interruption")),
        )


def _scans(rows: Sequence[Mapping[str, Any]], grids: ChunkGrids) -> Iterator[ScanChanges]:
    for (region, frame), group in groupby(rows, _OF_SCAN):
        if not isinstance(region, str):
            raise TypeError(f"{str(region)[:60]!r} is not a region")
        scanned = list(group)
        addresses = _words(scanned, "address")
        previous, current = _words(scanned, "prev_val"), _words(scanned, "curr_val")
        freq = np.array([row["freq"] for row in scanned], np.uint16)
        for chunk, part in _chunks(addresses, grids.get(region)):
            yield ScanChanges(region, chunk, int(frame), addresses[part], previous[part], current[part], freq[part])


_OF_SCAN = itemgetter("region", "frame")


def _words(rows: Sequence[Mapping[str, Any]], key: str) -> U32:
    digits = [row[key] for row in rows]
    packed = "".join(digits)
    if len(packed) != 8 * len(digits) or set(map(len, digits)) != {8}:
        packed = "".join(f"{int(word, 16):08X}" for word in digits)
    words = np.frombuffer(bytes.fromhex(packed), ">u4").astype(np.uint32)
    if len(words) != len(digits):
        raise ValueError(f"a word of `{key}` is not a 32-bit hex number")
    return words


def _chunks(addresses: U32, grid: ChunkGrid | None) -> Iterator[tuple[int, slice]]:
    if grid is None:
        yield 0, slice(None)
        return
    firsts = np.array(grid.firsts, np.uint32)
    chunks = np.searchsorted(firsts, addresses - np.uint32(grid.base), "right") - 1
    if chunks[0] == chunks[-1] and (chunks == chunks[0]).all():
        yield int(chunks[0]), slice(None)
        return
    edges = [0, *(np.flatnonzero(np.diff(chunks)) + 1).tolist(), len(chunks)]
    for first, last in pairwise(edges):
        yield int(chunks[first]), slice(first, last)
