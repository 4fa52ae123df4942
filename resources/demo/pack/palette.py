"""The one palette of the game: every pixel of its art is a letter, and every letter is a colour of this list."""

from collections.abc import Mapping
from dataclasses import dataclass

from resources.demo.pack.errors import SourceError

__all__ = ["CYCLE", "GLOW", "TRANSPARENT", "Colour", "parse_palette"]

TRANSPARENT = "."
"""The letter of a pixel that shows what lies behind it."""

CYCLE = "123"
"""Letters whose colours the game rotates while it runs: the shimmer of the water."""

GLOW = "456"
"""Letters whose colours the game brightens as the story goes on: the glass of the great lantern."""


@dataclass(frozen=True)
class Colour:
    """A colour of the palette."""

    value: int
    """15-bit BGR, as the console's palette memory holds it."""
    name: str


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
