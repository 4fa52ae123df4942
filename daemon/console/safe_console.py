"""Console of all commands, in which control characters are shown, never sent. Shell.

A terminal obeys escape sequences wherever they stand: one in a game's name could retitle the window, write into the
clipboard or forge a line. Line ends are the only control characters that pass.
"""

import re
from collections.abc import Iterable
from typing import Any

from rich.console import Console, ConsoleOptions, RenderableType
from rich.segment import Segment
from rich.text import Text

__all__ = ["SafeConsole", "printable"]

_UNSAFE = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f"  # C0 but for the line end, DEL, C1
    "\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069"  # directions of text, and line ends of Unicode
    "\ud800-\udfff]"  # halves of a character, which nothing can write
)


def printable(text: str) -> str:
    r"""Replace each control character by its escape, `\x1b` for one."""
    return _UNSAFE.sub(_escape, text)


def _escape(found: re.Match[str]) -> str:
    code = ord(found[0])
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"


class SafeConsole(Console):
    """Rich's console, for everything that gbatrace prints. Its own control sequences pass.

    Args:
        options: of rich's console.
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"highlight": False, "soft_wrap": True, **options})

    def render_str(self, text: str, **options: Any) -> Text:
        """Render a text, its control characters shown."""
        return super().render_str(printable(text), **options)

    def render(self, renderable: RenderableType, options: ConsoleOptions | None = None) -> Iterable[Segment]:
        """Render anything else, its control characters shown."""
        for segment in super().render(renderable, options):
            yield segment if segment.control else segment._replace(text=printable(segment.text))
