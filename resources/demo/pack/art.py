"""Text art: pictures with one letter per pixel, and the palette of their colours."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from resources.demo.pack.errors import SourceError

__all__ = ["CYCLE", "GLOW", "TRANSPARENT", "Colour", "Picture", "parse_palette", "parse_sheet"]

TRANSPARENT = "."
"""The letter of a pixel that shows what lies behind it."""

CYCLE = "123"
"""Letters whose colours the game rotates while it runs: the shimmer of the water."""

GLOW = "456"
"""Letters whose colours the game brightens as the story goes on: the glass of the great lantern."""


_HEAD = re.compile(r"\[(?P<name>\w+) (?P<width>\d+)x(?P<height>\d+)(?P<notes>( \w+=\w+)*)\]")


@dataclass(frozen=True)
class Colour:
    """A colour of the palette."""

    value: int
    """15-bit BGR, as the console's palette memory holds it."""
    name: str


@dataclass(frozen=True)
class Picture:
    """A picture of whole 8x8 tiles."""

    name: str
    rows: tuple[str, ...]
    """Pixel rows from the top, each a string of palette letters."""
    notes: Mapping[str, str] = field(default_factory=dict)
    """Notes in the picture's head, `key=value`, behind its size."""

    @property
    def width(self) -> int:
        """Width in pixels."""
        return len(self.rows[0])

    @property
    def height(self) -> int:
        """Height in pixels."""
        return len(self.rows)


def parse_palette(text: str) -> Mapping[str, Colour]:
    """Read `letter #rrggbb name` lines.

    Args:
        text: the palette file; blank lines are skipped, and so are lines that start with `;`.

    Returns:
        Letter to colour.

    Raises:
        SourceError: a line is malformed or names a letter twice.
    """
    colours: dict[str, Colour] = {}
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.startswith(";"):
            continue
        words = line.split()
        if len(words) != 3 or len(words[0]) != 1 or len(words[1]) != 7 or words[0] in colours:
            raise SourceError(f"palette line {number}: expected a new letter, #rrggbb and a name, got {line!r}")
        letter, code, name = words
        red, green, blue = (int(code[at : at + 2], 16) >> 3 for at in (1, 3, 5))
        colours[letter] = Colour(red | green << 5 | blue << 10, name)
    return colours


def parse_sheet(text: str, source: str) -> dict[str, Picture]:
    """Read the pictures of one art file.

    A picture is a head, `[name WIDTHxHEIGHT key=value…]`, followed by HEIGHT rows of WIDTH letters. Blank lines between
    pictures are skipped, and so are lines that start with `;`.

    Args:
        text: the file's text.
        source: name of the file, for errors.

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
