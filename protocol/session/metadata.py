"""Metadata of a session: `session_metadata.json`, to bytes and back. Pure.

Sessions of the original tool are read as well; they have its ten keys and none of ours.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeAlias

import orjson

from protocol.console import GBA
from protocol.errors import DocumentError, MessageError
from protocol.regions import MAX_FRAMES_PER_SET, WORD_BYTES, Region, regions_from_maps
from protocol.session.json_values import (
    entries,
    json_object,
    reading,
    text,
    text_or_none,
    whole_number,
    whole_number_or_none,
)

__all__ = [
    "CONFIG_CONTENT",
    "ORIGINAL_CHUNKS",
    "ORIGINAL_FRAMES",
    "ORIGINAL_REGIONS",
    "ChunkGrid",
    "ChunkGrids",
    "GapCount",
    "SessionMetadata",
    "chunk_grids",
    "creation_time",
    "memory_regions",
    "metadata_json",
    "moment_of",
    "parse_metadata",
    "resume_hash",
    "session_regions",
]

CONFIG_CONTENT = "game_config_content"
"""Key of the game config itself in `session_metadata.json`."""

_LATEST = 1e11
"""Seconds since the epoch beyond which nothing was recorded: the year 5138."""

ORIGINAL_FRAMES = 5
"""Frames per set of a session whose metadata do not hold them: those of the original."""


@dataclass(frozen=True, slots=True)
class GapCount:
    """Known losses of a session.

    Args:
        frame_sets: frame sets that the script no longer held when it came back.
        screenshots: frame sets without a screenshot of their own.
        flawed: frame sets that are not whole, for whatever reason.
    """

    frame_sets: int = 0
    screenshots: int = 0
    flawed: int = 0


@dataclass(frozen=True, slots=True)
class SessionMetadata:
    """Content of `session_metadata.json`. Times are ms since the epoch.

    `ended` and `ended_by` are None in an open session. `resume_sha256` is empty where no emulator can go on with the
    session. `uuid` names the session among all others, as the original's folders did, whatever it is renamed to; empty
    in sessions of early versions.
    """

    session_id: str
    created: int
    total_frame_sets: int
    num_frames_per_set: int
    first_set: int | None
    last_set: int | None
    source_csv: str
    game_config: str
    is_custom_name: bool
    game_name: str
    resume_sha256: str
    ended: int | None
    ended_by: str | None
    recorder: Mapping[str, Any]
    lost: GapCount
    uuid: str = ""

    @property
    def is_of_a_log(self) -> bool:
        """True where its frame sets were made of a log.

        A log lacks the frames in which nothing changed. The metadata of what was recorded list the regions that were
        scanned; those of a log do not.
        """
        return "regions" not in self.recorder

    @property
    def config_content(self) -> Mapping[str, Any]:
        """The game config that the session was made with; empty where it was not kept."""
        content = self.recorder.get(CONFIG_CONTENT)
        return content if isinstance(content, dict) else {}

    @property
    def ending(self) -> str:
        """Sentence about the session's end; one of the original was made from a log, not recorded."""
        return self.ended_by or ("made from a log" if self.is_of_a_log else "open or cut off")


def resume_hash(token: str) -> str:
    """Return the hash of a resume token, which alone is stored.

    So a person who reads a session's files cannot take the session over.

    Returns:
        SHA-256, 64 hex digits; a token has 128 random bits, so nothing slower is needed.
    """
    return hashlib.sha256(token.encode()).hexdigest()


def metadata_json(metadata: SessionMetadata) -> bytes:
    """Write `session_metadata.json`: the original's ten keys in their order, then ours."""
    return orjson.dumps(
        {
            "session_id": metadata.session_id,
            "created_at": _iso(metadata.created),
            "created_timestamp": metadata.created // 1000,
            "total_frame_sets": metadata.total_frame_sets,
            "num_frames_per_set": metadata.num_frames_per_set,
            "frame_set_id_range": {"min": metadata.first_set, "max": metadata.last_set},
            "source_csv": metadata.source_csv,
            "game_config": metadata.game_config,
            "is_custom_name": metadata.is_custom_name,
            "game_name": metadata.game_name,
            **({"uuid": metadata.uuid} if metadata.uuid else {}),
            "ended_at": None if metadata.ended is None else _iso(metadata.ended),
            "ended_by": metadata.ended_by,
            "resume_sha256": metadata.resume_sha256,
            **metadata.recorder,
            "lost": {
                "frame_sets": metadata.lost.frame_sets,
                "screenshots": metadata.lost.screenshots,
                "flawed": metadata.lost.flawed,
            },
        },
        option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE,
    )


def parse_metadata(data: bytes) -> SessionMetadata:
    """Read `session_metadata.json`.

    Returns:
        The metadata; keys that are not the original's or our own fixed ones are in `recorder`.

    Raises:
        DocumentError: it is not the metadata of a session.
    """
    document = json_object(data)
    document.pop("check", None)
    document.pop("seal", None)
    with reading():
        span = entries(document.pop("frame_set_id_range", None))
        lost = entries(document.pop("lost", None))
        ended = document.pop("ended_at", None)
        created_at = document.pop("created_at", None)
        created = document.pop("created_timestamp", None)
        frames_per_set = whole_number(document.pop("num_frames_per_set", None) or ORIGINAL_FRAMES)
        if not 1 <= frames_per_set <= MAX_FRAMES_PER_SET:
            raise DocumentError(f"it has {frames_per_set} frames per set: allowed are 1 to {MAX_FRAMES_PER_SET}")
        metadata = SessionMetadata(
            session_id=str(document.pop("session_id")),
            created=creation_time(created_at, created),
            total_frame_sets=whole_number(document.pop("total_frame_sets", 0)),
            num_frames_per_set=frames_per_set,
            first_set=whole_number_or_none(span.get("min")),
            last_set=whole_number_or_none(span.get("max")),
            source_csv=text(document.pop("source_csv", None)),
            game_config=text(document.pop("game_config", None)),
            is_custom_name=bool(document.pop("is_custom_name", False)),
            game_name=text(document.pop("game_name", None)),
            resume_sha256=_resume_hash(document),
            ended=None if ended is None else moment_of(ended),
            ended_by=text_or_none(document.pop("ended_by", None)),
            uuid=text(document.pop("uuid", None)),
            recorder=document,
            lost=GapCount(*(whole_number(lost.get(name, 0)) for name in GapCount.__slots__)),
        )
    if not metadata.is_of_a_log:
        session_regions(metadata)
    return metadata


def creation_time(at: Any, timestamp: Any) -> int:
    """Read when a session was made.

    The seconds are whole, and the original's text has no time zone.

    Args:
        at: `created_at`, None where there is none.
        timestamp: `created_timestamp`, None where there is none.

    Returns:
        ms since the epoch.

    Raises:
        ValueError, TypeError: neither is such a time.
    """
    seconds = None if timestamp is None else _moment(float(timestamp))
    return moment_of(at) if seconds is None or (isinstance(at, str) and _has_zone(at)) else seconds


@dataclass(frozen=True, slots=True)
class ChunkGrid:
    """Grid of a region's chunks, by which the chunk of an address is found.

    Args:
        base: bus address of the region's first byte.
        firsts: offset of the first byte of each chunk, ascending from 0.
    """

    base: int
    firsts: tuple[int, ...]


ChunkGrids: TypeAlias = Mapping[str, ChunkGrid]
"""The grid of each region, by its name."""

ORIGINAL_CHUNKS: ChunkGrids = {
    region.name: ChunkGrid(region.base, tuple(range(0, region.size, region.size // ORIGINAL_FRAMES)))
    for region in GBA.regions
}
"""The grids of the original script: a fifth of the region, rounded down, so that its last bytes are a sixth chunk."""


ORIGINAL_REGIONS = tuple(Region(region.name, region.base, region.size, ORIGINAL_FRAMES) for region in GBA.regions)
"""The regions of the original script, in our chunks."""


def chunk_grids(metadata: SessionMetadata) -> ChunkGrids:
    """Return how a session's regions were cut: like the original's where it was made of a log."""
    if metadata.is_of_a_log:
        return ORIGINAL_CHUNKS
    return {
        region.name: ChunkGrid(region.base, tuple(WORD_BYTES * chunk.first_word for chunk in region.chunks))
        for region in session_regions(metadata)
    }


def session_regions(metadata: SessionMetadata) -> tuple[Region, ...]:
    """Return the regions that a session of ours scanned.

    Raises:
        DocumentError: its metadata do not list them as they should.
    """
    try:
        return regions_from_maps(metadata.recorder.get("regions"), metadata.num_frames_per_set)
    except MessageError as error:
        raise DocumentError(f"the metadata do not give its regions ({error})") from None


def memory_regions(metadata: SessionMetadata) -> tuple[Region, ...]:
    """Return the regions of a session's memory: those of its console where it was made of a log.

    Raises:
        DocumentError: its metadata do not list them as they should.
    """
    if not metadata.is_of_a_log:
        return session_regions(metadata)
    return ORIGINAL_REGIONS


def _has_zone(time: str) -> bool:
    try:
        return datetime.fromisoformat(time).tzinfo is not None
    except ValueError:
        return False


def _resume_hash(document: dict[str, Any]) -> str:
    """Take the hash of the resume token; sessions of early versions have the token itself."""
    token = text(document.pop("resume", None))
    return text(document.pop("resume_sha256", None)) or (resume_hash(token) if token else "")


def moment_of(time: object) -> int:
    """Read an ISO 8601 time as ms since the epoch.

    One without a zone is a time of this machine, as the original writes it.

    Raises:
        TypeError, ValueError: it is none, or not one that every system can show as a date.
    """
    if not isinstance(time, str):
        raise TypeError(f"{str(time)[:60]!r} is not the time of a recording")
    try:
        return _moment(datetime.fromisoformat(time).timestamp())
    except (OSError, ValueError):  # OSError: Windows knows no local time before 1970.
        raise ValueError(f"{time[:60]!r} is not the time of a recording") from None


def _moment(seconds: float) -> int:
    """Return ms since the epoch of a moment that every system can show as a date."""
    if not 0 <= seconds < _LATEST:
        raise ValueError(f"{seconds} seconds since 1970 are no moment of a recording")
    return round(seconds * 1000)


def _iso(milliseconds: int) -> str:
    return datetime.fromtimestamp(milliseconds / 1000, UTC).isoformat(timespec="milliseconds")
