"""The files of a session folder back into values: the inverse of `documents`. Pure.

Sessions of the original tool are read as well. They have none of our keys: a frame set's time, program counter and
buttons are said once for the whole set there, so each of its frames gets them, with an empty key history. Its later
converters write lists instead, `buttons` and `program_counters`, with an entry for each frame.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby, pairwise
from operator import itemgetter
from typing import Any, TypeAlias

import numpy as np
import orjson

from protocol.changes import U32
from protocol.console import GBA, NO_KEYS
from protocol.errors import DocumentError, MessageError
from protocol.regions import MAX_FRAMES_PER_SET, WORD_BYTES, Region, regions_from_maps
from protocol.session.documents import (
    EventRecord,
    FrameRecord,
    FrameSet,
    GapCount,
    ScanChanges,
    SessionMetadata,
    resume_hash,
)

__all__ = [
    "ORIGINAL_CHUNKS",
    "ChunkGrid",
    "ChunkGrids",
    "chunk_grids",
    "creation_time",
    "frames_of",
    "parse_event",
    "parse_event_line",
    "parse_metadata",
    "session_regions",
]

_LATEST = 1e11
"""Seconds since the epoch beyond which nothing was recorded: the year 5138."""

_ORIGINAL_FRAMES = 5
"""Frames per set of a session whose metadata do not say it: those of the original."""


@dataclass(frozen=True, slots=True)
class ChunkGrid:
    """How a region is cut into chunks, so that an address tells its chunk.

    Args:
        base: bus address of the region's first byte.
        firsts: offset of the first byte of each chunk, ascending from 0.
    """

    base: int
    firsts: tuple[int, ...]


ChunkGrids: TypeAlias = Mapping[str, ChunkGrid]
"""The grid of each region, by its name."""

ORIGINAL_CHUNKS: ChunkGrids = {
    region.name: ChunkGrid(region.base, tuple(range(0, region.size, region.size // _ORIGINAL_FRAMES)))
    for region in GBA.regions
}
"""The grids of the original script: a fifth of the region, rounded down, so that its last bytes are a sixth chunk."""


def chunk_grids(metadata: SessionMetadata) -> ChunkGrids:
    """Find out how a session's regions were cut; those of the original where its metadata does not say."""
    if metadata.is_of_a_log:
        return ORIGINAL_CHUNKS
    return {
        region.name: ChunkGrid(region.base, tuple(WORD_BYTES * chunk.first_word for chunk in region.chunks))
        for region in session_regions(metadata)
    }


def session_regions(metadata: SessionMetadata) -> tuple[Region, ...]:
    """Return the regions that a session of ours scanned.

    Raises:
        DocumentError: its metadata do not tell.
    """
    try:
        return regions_from_maps(metadata.recorder.get("regions"), metadata.num_frames_per_set)
    except MessageError as error:
        raise DocumentError(f"the metadata do not tell its regions ({error})") from None


def parse_event(data: bytes, png: bytes = b"", grids: ChunkGrids = ORIGINAL_CHUNKS) -> FrameSet:
    """Read `event.json`, whatever its layout.

    Args:
        data: the file.
        png: the frame set's screenshot, empty without one.
        grids: how the session's regions were cut; a change in a region without a grid is in chunk 0.

    Raises:
        DocumentError: it is not the `event.json` of a frame set.
    """
    document = _object(data)
    frames = frames_of(document)
    if not frames:
        raise DocumentError("it has no frames")
    try:
        return FrameSet(
            frame_set_id=int(document["frame_set_id"]),
            frames=frames,
            changes=tuple(_scans(document["memory_changes"], grids)),
            flaws=_texts(document.get("flaws", [])),
            png=png,
            interruption=_text(document.get("interruption")),
        )
    except KeyError as error:
        raise DocumentError(f"the key `{error.args[0]}` is missing") from None
    except (TypeError, ValueError, AttributeError, OverflowError) as error:
        raise DocumentError(f"a value is not what it should be ({error})") from None


def frames_of(document: Mapping[str, Any]) -> tuple[FrameRecord, ...]:
    """Read the frames of an `event.json`, whatever its layout.

    Args:
        document: the file's object.

    Raises:
        DocumentError: it is not the `event.json` of a frame set.
    """
    try:
        return tuple(_frames(document))
    except KeyError as error:
        raise DocumentError(f"the key `{error.args[0]}` is missing") from None
    except (TypeError, ValueError, AttributeError, OverflowError) as error:
        raise DocumentError(f"a value is not what it should be ({error})") from None


def parse_metadata(data: bytes) -> SessionMetadata:
    """Read `session_metadata.json`.

    Returns:
        The metadata; keys that are not the original's or our own fixed ones are in `recorder`.

    Raises:
        DocumentError: it is not the metadata of a session.
    """
    document = _object(data)
    document.pop("check", None)
    document.pop("seal", None)
    try:
        span = _entries(document.pop("frame_set_id_range", None))
        lost = _entries(document.pop("lost", None))
        ended = document.pop("ended_at", None)
        created_at = document.pop("created_at", None)
        created = document.pop("created_timestamp", None)
        frames_per_set = _whole(document.pop("num_frames_per_set", None) or _ORIGINAL_FRAMES)
        if not 1 <= frames_per_set <= MAX_FRAMES_PER_SET:
            raise DocumentError(f"it tells of {frames_per_set} frames per set: there are 1 to {MAX_FRAMES_PER_SET}")
        metadata = SessionMetadata(
            session_id=str(document.pop("session_id")),
            created=creation_time(created_at, created),
            total_frame_sets=_whole(document.pop("total_frame_sets", 0)),
            num_frames_per_set=frames_per_set,
            first_set=_whole_or_none(span.get("min")),
            last_set=_whole_or_none(span.get("max")),
            source_csv=_text(document.pop("source_csv", None)),
            game_config=_text(document.pop("game_config", None)),
            is_custom_name=bool(document.pop("is_custom_name", False)),
            game_name=_text(document.pop("game_name", None)),
            resume_sha256=_resume_hash(document),
            ended=None if ended is None else _milliseconds(ended),
            ended_by=_text_or_none(document.pop("ended_by", None)),
            uuid=_text(document.pop("uuid", None)),
            recorder=document,
            lost=GapCount(*(_whole(lost.get(name, 0)) for name in GapCount.__slots__)),
        )
    except KeyError as error:
        raise DocumentError(f"the key `{error.args[0]}` is missing") from None
    except (TypeError, ValueError, AttributeError, OverflowError) as error:
        raise DocumentError(f"a value is not what it should be ({error})") from None
    if not metadata.is_of_a_log:
        session_regions(metadata)
    return metadata


def creation_time(at: Any, timestamp: Any) -> int:
    """Read when a session was made: the seconds are whole, and the original's text has no time zone.

    Args:
        at: `created_at`, None where there is none.
        timestamp: `created_timestamp`, None where there is none.

    Returns:
        ms since the epoch.

    Raises:
        ValueError, TypeError: neither is such a time.
    """
    seconds = None if timestamp is None else _moment(float(timestamp))
    return _milliseconds(at) if seconds is None or (isinstance(at, str) and _has_zone(at)) else seconds


def _has_zone(text: str) -> bool:
    try:
        return datetime.fromisoformat(text).tzinfo is not None
    except ValueError:
        return False


def _resume_hash(document: dict[str, Any]) -> str:
    """Take the hash of the resume token; sessions of early versions have the token itself."""
    token = _text(document.pop("resume", None))
    return _text(document.pop("resume_sha256", None)) or (resume_hash(token) if token else "")


def parse_event_line(line: bytes) -> EventRecord:
    """Read one line of `events.jsonl`.

    Raises:
        DocumentError: it is not an event, or only half of one.
    """
    document = _object(line)
    try:
        return EventRecord(
            time=int(document["time"]),
            name=str(document["name"]),
            frame_set_id=int(document["frame_set_id"]),
            frame=_whole_or_none(document.get("frame")),
            details=_entries(document.get("details")),
        )
    except KeyError as error:
        raise DocumentError(f"the key `{error.args[0]}` is missing") from None
    except (TypeError, ValueError) as error:
        raise DocumentError(f"a value is not what it should be ({error})") from None


def _object(data: bytes) -> dict[str, Any]:
    try:
        document = orjson.loads(data)
    except orjson.JSONDecodeError as error:
        raise DocumentError(f"it is not JSON: {error.msg} in line {error.lineno}") from None
    if not isinstance(document, dict):
        raise DocumentError("it is not a JSON object")
    return document


def _milliseconds(text: str) -> int:
    moment = datetime.fromisoformat(text)
    return _moment((moment if moment.tzinfo else moment.astimezone(UTC)).timestamp())


def _moment(seconds: float) -> int:
    """Return ms since the epoch of a moment that every system can show as a date."""
    if not 0 <= seconds < _LATEST:
        raise ValueError(f"{seconds} seconds since 1970 are no moment of a recording")
    return round(seconds * 1000)


def _whole(value: object) -> int:
    if type(value) is not int or value < 0:
        raise TypeError(f"{str(value)[:60]!r} is not a whole number")
    return value


def _whole_or_none(value: object) -> int | None:
    return None if value is None else _whole(value)


def _text(value: object) -> str:
    return _text_or_none(value) or ""


def _text_or_none(value: object) -> str | None:
    if value is not None and not isinstance(value, str):
        raise TypeError(f"{str(value)[:60]!r} is not a text")
    return value


def _texts(value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(text, str) for text in value):
        raise TypeError(f"{str(value)[:60]!r} is not a list of texts")
    return tuple(value)


def _entries(value: object) -> Mapping[str, Any]:
    if value is not None and not isinstance(value, dict):
        raise TypeError(f"{str(value)[:60]!r} is not a map")
    return value or {}


def _frames(document: Mapping[str, Any]) -> Iterator[FrameRecord]:
    if "frames" in document:
        for frame in document["frames"]:
            yield FrameRecord(
                frame=int(frame["frame"]),
                timestamp=int(frame["timestamp"]),
                pc=int(frame["pc"], 16),
                current_keys=_combination(frame["current_keys"]),
                key_history=_texts(frame["key_history"]),
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


def _of_each(numbers: Sequence[object], said: object) -> list[Any]:
    """Find what is said of each frame of a set, in a list that may be short, or once for all of them."""
    listed = said[: len(numbers)] if isinstance(said, list) else [said] * len(numbers)
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
