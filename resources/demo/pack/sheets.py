"""Text art: named pictures, one letter per pixel."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from resources.demo.pack.errors import SourceError

__all__ = ["Picture", "parse_sheet"]

_HEAD = re.compile(r"\[(?P<name>\w+) (?P<width>\d+)x(?P<height>\d+)(?P<notes>( \w+=\w+)*)\]")


@dataclass(frozen=True)
class Picture:
    """A picture of whole 8x8 tiles."""

    name: str
    rows: tuple[str, ...]
    """Pixel rows from the top, each a string of palette letters."""
    notes: Mapping[str, str] = field(default_factory=dict)
    """What the picture's head says besides its size, as `key=value`."""

    @property
    def width(self) -> int:
        """Width in pixels."""
        return len(self.rows[0])

    @property
    def height(self) -> int:
        """Height in pixels."""
        return len(self.rows)


def parse_sheet(text: str, source: str) -> dict[str, Picture]:
    """Read the pictures of one art file.

    A picture is a head, `[name WIDTHxHEIGHT key=value…]`, followed by HEIGHT rows of WIDTH letters. Blank lines between
    pictures are skipped, and so are lines that start with `;`.

    Args:
        text: the file's text.
        source: what to call the file in an error.

    Returns:
        The pictures by name, in the order of the file.

    Raises:
        SourceError: a head is malformed, a row has the wrong length, or a size is no multiple of 8.
    """
    pictures: dict[str, Picture] = {}
    lines = iter(enumerate(text.splitlines(), 1))
    for number, line in lines:
        if not line.strip() or line.startswith(";"):
            continue
        head = _HEAD.fullmatch(line.strip())
        if head is None:
            raise SourceError(f"{source}:{number}: expected [name WIDTHxHEIGHT], got {line!r}")
        width, height = int(head["width"]), int(head["height"])
        if width % 8 or height % 8:
            raise SourceError(f"{source}:{number}: {head['name']} is not made of whole 8x8 tiles")
        rows = tuple(row for _, (_, row) in zip(range(height), lines, strict=False))
        if len(rows) != height or any(len(row) != width for row in rows):
            raise SourceError(f"{source}:{number}: {head['name']} does not have {height} rows of {width} letters")
        notes = dict(note.split("=") for note in head["notes"].split())
        pictures[head["name"]] = Picture(head["name"], rows, notes)
    return pictures
