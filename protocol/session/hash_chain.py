"""Hash chain of a journal: each line carries a hash of itself and of all before it. Pure.

A line that was changed, removed, added or moved does not fit its neighbours. Lines that are missing at the end are seen
by the last link, which is kept elsewhere: in the seal of a session's metadata, and in that of its labels.

A line with its link is the line itself, a JSON object, with `chain` as its last key. Lines of early versions have no
links; those that come after them count them in.
"""

import re
from hashlib import sha256

__all__ = ["NO_LINK", "HashChain", "chained", "link_of", "unchained"]

NO_LINK = ""
"""Link before the first line of a chain."""

_DIGITS = 16
"""Hex digits of a link: chance does not find a second line for 64 bits."""

_LINK = re.compile(rb',"chain":"([0-9a-f]{%d})"\}$' % _DIGITS)


def chained(line: bytes, before: str) -> tuple[bytes, str]:
    """Give a line its link.

    Args:
        line: a JSON object with at least one key, its line feed included.
        before: the link of the line before.

    Returns:
        The line with its link, and the link.
    """
    link = _next(before, line[:-1])
    return b'%b,"chain":"%b"}\n' % (line[:-2], link.encode()), link


def link_of(line: bytes) -> str | None:
    """Return the link of a line, which comes without its line feed; None where it has none."""
    found = _LINK.search(line)
    return None if found is None else found[1].decode()


def unchained(line: bytes) -> bytes:
    """Return a line as before it got its link. It comes without its line feed."""
    found = _LINK.search(line)
    return line if found is None else line[: found.start()] + b"}"


class HashChain:
    """Checker of a journal, line by line.

    Attributes:
        link: of the last line.
        is_linked: whether any line carried a link.
    """

    def __init__(self) -> None:
        self.link = NO_LINK
        self.is_linked = False

    def follow(self, line: bytes) -> bool:
        """Take the next line, without its line feed.

        Returns:
            Whether it follows from the lines before. After one that does not, the link that it carries counts.
        """
        carried = link_of(line)
        link = _next(self.link, unchained(line))
        fits = link == carried or (carried is None and not self.is_linked)
        self.link = link if carried is None else carried
        self.is_linked = self.is_linked or carried is not None
        return fits


def _next(before: str, body: bytes) -> str:
    return sha256(before.encode() + body).hexdigest()[:_DIGITS]
