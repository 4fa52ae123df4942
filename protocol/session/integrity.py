"""Proofs of a session: lines of `checksums.jsonl` and `proofs.jsonl`. Pure.

A line of checksums is on disk before the frame set that it is about, so that no frame set is without one. A set that
is stored a second time, after the first attempt failed, has two lines: the later one counts. Hashes are SHA-256, 64
upper-case hex digits as on the link.
"""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from hashlib import sha256
from typing import Any, TypeAlias

import orjson

from protocol.errors import DocumentError
from protocol.session.json_values import json_object

__all__ = [
    "ChecksumLine",
    "ChunkName",
    "ImageChecksum",
    "ProofRecord",
    "SetChecksum",
    "Withdrawn",
    "checksum",
    "checksum_line",
    "listed_sets",
    "parse_checksum_line",
    "parse_proof_line",
    "proof_line",
]

ChunkName: TypeAlias = tuple[str, int]
"""A region's name and the number of a chunk in it."""


@dataclass(frozen=True, slots=True)
class SetChecksum:
    """The files of a frame set, and what cannot be read from them.

    Args:
        frame_set_id: the frame set.
        event: hash of `event.json`.
        png: hash of the screenshot, empty where there is none.
        flaws: what keeps the set from being whole, as in `event.json`: sets are counted without opening them.
        rebaselined: chunks seen for the first time or anew in this set: their memory moved without any change.
        labels: hash of the `annotations.json` that it was stored with, empty where there was none; None in a line of an
            early version, which does not hold it.
    """

    frame_set_id: int
    event: str
    png: str
    flaws: tuple[str, ...]
    rebaselined: tuple[ChunkName, ...]
    labels: str | None = None


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """A frame set whose checksums no longer count.

    It was not there when its session went on after a crash.
    """

    frame_set_id: int


@dataclass(frozen=True, slots=True)
class ImageChecksum:
    """The full memory image after a frame set.

    Args:
        frame_set_id: the frame set.
        memory: hash of the file; empty where it was never written, although an earlier line has its hash.
    """

    frame_set_id: int
    memory: str


ChecksumLine: TypeAlias = SetChecksum | ImageChecksum | Withdrawn
"""A line of `checksums.jsonl`."""


@dataclass(frozen=True, slots=True)
class ProofRecord:
    """Hash of a chunk from the emulator's own memory: a line of `proofs.jsonl`.

    Args:
        frame_set_id: the set of that frame.
        frame: the frame after whose scan the chunk was hashed.
        region: the region's name.
        chunk: the chunk's number in it.
        sha256: hash of the chunk's bytes as last scanned.
    """

    frame_set_id: int
    frame: int
    region: str
    chunk: int
    sha256: str


def checksum(data: bytes) -> str:
    """Hash a file."""
    return sha256(data).hexdigest().upper()


def checksum_line(line: ChecksumLine) -> bytes:
    """Write one line of `checksums.jsonl`."""
    match line:
        case SetChecksum():
            document: dict[str, Any] = {
                "frame_set_id": line.frame_set_id,
                "event": line.event,
                "png": line.png,
                "flaws": line.flaws,
                "sighted": line.rebaselined,
                **({} if line.labels is None else {"labels": line.labels}),
            }
        case Withdrawn():
            document = {"frame_set_id": line.frame_set_id, "withdrawn": True}
        case ImageChecksum():
            document = {"frame_set_id": line.frame_set_id, "memory": line.memory}
    return orjson.dumps(document, option=orjson.OPT_APPEND_NEWLINE)


def parse_checksum_line(line: bytes) -> ChecksumLine:
    """Read one line of `checksums.jsonl`.

    Raises:
        DocumentError: it is not one, or only half of one.
    """
    document = json_object(line)
    try:
        if "memory" in document:
            return ImageChecksum(int(document["frame_set_id"]), str(document["memory"]))
        if document.get("withdrawn"):
            return Withdrawn(int(document["frame_set_id"]))
        return SetChecksum(
            frame_set_id=int(document["frame_set_id"]),
            event=str(document["event"]),
            png=str(document["png"]),
            flaws=tuple(document["flaws"]),
            rebaselined=tuple((str(region), int(chunk)) for region, chunk in document["sighted"]),
            labels=None if "labels" not in document else str(document["labels"]),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise DocumentError(f"it is not a line of checksums ({error})") from None


def listed_sets(lines: Iterable[ChecksumLine]) -> dict[int, SetChecksum]:
    """Return what counts of each frame set, by its number: of two lines the later one."""
    sets: dict[int, SetChecksum] = {}
    for line in lines:
        match line:
            case SetChecksum():
                sets[line.frame_set_id] = line
            case Withdrawn():
                sets.pop(line.frame_set_id, None)
    return sets


def proof_line(proof: ProofRecord) -> bytes:
    """Write one line of `proofs.jsonl`."""
    return orjson.dumps(asdict(proof), option=orjson.OPT_APPEND_NEWLINE)


def parse_proof_line(line: bytes) -> ProofRecord:
    """Read one line of `proofs.jsonl`.

    Raises:
        DocumentError: it is not one, or only half of one.
    """
    document = json_object(line)
    try:
        return ProofRecord(
            frame_set_id=int(document["frame_set_id"]),
            frame=int(document["frame"]),
            region=str(document["region"]),
            chunk=int(document["chunk"]),
            sha256=str(document["sha256"]),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise DocumentError(f"it is not a proof ({error})") from None
