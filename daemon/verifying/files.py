"""The files of one frame set, examined without any other. Shell: reads, never writes."""

import io
import os
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from PIL import Image

from protocol.disk import read_file, without_links
from protocol.errors import DocumentError, LabelError
from protocol.session.annotations import read_annotations
from protocol.session.event_json import parse_event
from protocol.session.flaws import NO_SCREENSHOT
from protocol.session.frame_set import FrameSet
from protocol.session.integrity import SetChecksum, checksum
from protocol.session.layout import SessionFolder
from protocol.session.metadata import ChunkGrids

__all__ = ["ExaminedSet", "SetFiles", "examine_set", "read_set"]


@dataclass(slots=True)
class SetFiles:
    """Files of a frame set as they are on disk, hashed, the screenshot unpacked.

    To read them takes time and needs no order, so it is done on threads.

    Args:
        number: the frame set's number, by its folder's name.
        names: of all files in its folder.
        event: `event.json`; None if it is not there or cannot be read.
        labels: `annotations.json`; None without one.
        event_checksum: hash of `event.json`.
        png_checksum: hash of the screenshot, empty where there is none.
        size: the screenshot's width and height in pixels; None if it cannot be unpacked.
    """

    number: int
    names: frozenset[str]
    event: bytes | None = None
    labels: bytes | None = None
    event_checksum: str = ""
    png_checksum: str = ""
    size: tuple[int, int] | None = None


@dataclass(slots=True)
class ExaminedSet:
    """Frame set with the damages and the oddities of its files: file name and reason each."""

    frame_set: FrameSet | None
    damages: list[tuple[str, str]] = field(default_factory=list)
    oddities: list[tuple[str, str]] = field(default_factory=list)


def read_set(folder: SessionFolder, number: int) -> SetFiles:
    """Read the files of a frame set; none where its folder cannot be read."""
    files = SetFiles(number, frozenset())
    with suppress(OSError), os.scandir(folder.frame_set(number)) as entries:
        files.names = frozenset(entry.name for entry in entries)
    files.event = _read(folder, folder.event(number))
    files.labels = _read(folder, folder.annotations(number))
    if files.event is not None:
        files.event_checksum = checksum(files.event)
    png = _read(folder, folder.screenshot(number))
    if png is not None:
        files.png_checksum = checksum(png)
        files.size = _unpacked_size(png)
    return files


def examine_set(files: SetFiles, listed: SetChecksum | None, grids: ChunkGrids, *, listable: bool) -> ExaminedSet:
    """Judge the files of a frame set.

    Args:
        files: as they were read.
        listed: its line of checksums, None without one.
        grids: how the session's regions were cut.
        listable: whether the session has checksums, so that the frame set must be among them.
    """
    examined = ExaminedSet(None)
    damages = examined.damages
    event_name, png_name = "event.json", f"{files.number}.png"
    if listable and listed is None:
        damages.append((event_name, "is not in the list of checksums"))
    if files.event is None:
        damages.append((event_name, "is missing"))
    else:
        if listed is not None and files.event_checksum != listed.event:
            damages.append((event_name, "is not as it was stored: its checksum is another"))
        try:
            examined.frame_set = _parsed(files.number, files.event, grids)
        except DocumentError as error:
            damages.append((event_name, f"cannot be understood: {error}"))
    frame_set = examined.frame_set
    damages += [(png_name, reason) for reason in _screenshot_damages(files, listed, frame_set, png_name)]
    if files.labels is not None:
        try:
            examined.oddities += [("annotations.json", remark) for remark in read_annotations(files.labels).remarks]
        except LabelError as error:
            damages.append(("annotations.json", f"cannot be understood: {error}"))
    return examined


def _read(folder: SessionFolder, path: Path) -> bytes | None:
    try:
        return read_file(without_links(folder.path, path))
    except OSError:
        return None


def _unpacked_size(png: bytes) -> tuple[int, int] | None:
    try:
        with Image.open(io.BytesIO(png), formats=["PNG"]) as image:
            image.verify()
        with Image.open(io.BytesIO(png), formats=["PNG"]) as image:
            image.load()
            return image.size
    except Exception:  # Of a damaged file Pillow raises whatever its parsers stumble over.
        return None


def _parsed(number: int, event: bytes, grids: ChunkGrids) -> FrameSet:
    frame_set = parse_event(event, grids=grids)
    if frame_set.frame_set_id != number:
        raise DocumentError(f"it calls itself frame set {frame_set.frame_set_id}")
    frames = [frame.frame for frame in frame_set.frames]
    if sorted(set(frames)) != frames:
        raise DocumentError("its frames are not in ascending order")
    if any(scan.frame not in frames for scan in frame_set.changes):
        raise DocumentError("it has changes at a frame that it does not have")
    return frame_set


def _screenshot_damages(
    files: SetFiles, listed: SetChecksum | None, frame_set: FrameSet | None, png_name: str
) -> list[str]:
    there = png_name in files.names
    damages = []
    if not there:
        promised = (
            listed.png != "" if listed is not None else frame_set is not None and not _has_no_screenshot(frame_set)
        )
        if promised:
            damages.append("is missing")
        return damages
    if listed is not None and files.png_checksum != listed.png:
        damages.append("is not as it was stored: its checksum is another")
    if files.size is None:
        damages.append("is not a picture that can be unpacked")
    return damages


def _has_no_screenshot(frame_set: FrameSet) -> bool:
    return NO_SCREENSHOT in frame_set.flaws or frame_set.interruption != ""
