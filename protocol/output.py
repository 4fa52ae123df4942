"""Standard output and error that take any text and never fail the program. Shell.

Where a line goes, and whether anybody still reads it, must not decide what the program does: Windows writes to files
and pipes in a code page such as cp1252, which has neither ✓ nor メ; the reader of a pipe may have ended (`| head`); the
disk behind a file may be full. A child process writes everything to its parent as UTF-8.
"""

import codecs
import io
import sys
from typing import Any

__all__ = ["UTF8_OUTPUT", "open_outputs"]

_SIGNS = {"✓": "+", "✗": "x", "–": "-", "●": "*", "○": "o", "■": "#", "×": "x", "→": "->", "…": "...", "·": "-"}
"""Substitutes of our own signs, for encodings that lack them."""

_REPLACE = "gbatrace-replace"

UTF8_OUTPUT = {"PYTHONIOENCODING": "utf-8"}
"""Environment of a Python child, so that its parent can read even what it writes before `open_outputs`."""


def open_outputs(encoding: str | None = None) -> None:
    """Put streams that never fail in the place of `sys.stdout` and `sys.stderr`.

    Args:
        encoding: theirs from now on; without it the one that they have.
    """
    for name in ("stdout", "stderr"):
        setattr(sys, name, _unfailing(getattr(sys, name), encoding))


def _replace_unencodable(error: UnicodeError) -> tuple[str, int]:
    """Replace what an encoding lacks: our signs by plainer ones, others by their number."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    lacking = error.object[error.start : error.end]
    plain = (_SIGNS.get(letter) or letter.encode("ascii", "backslashreplace").decode() for letter in lacking)
    return "".join(plain), error.end


codecs.register_error(_REPLACE, _replace_unencodable)


class _Unfailing(io.RawIOBase):
    """Raw stream that drops what its target does not take.

    It has no lock that the end of the program could wait for.
    """

    def __init__(self, raw: Any) -> None:
        self._raw = raw

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        view = memoryview(data).cast("B")
        left = view
        while left:
            try:
                written = self._raw.write(left)
            except (OSError, ValueError):
                break
            if not written:
                break
            left = left[written:]
        return len(view)

    def isatty(self) -> bool:
        return bool(self._raw.isatty())

    def fileno(self) -> int:
        return int(self._raw.fileno())


class _Nowhere(io.RawIOBase):
    """Raw stream that drops everything."""

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        return len(data)


def _unfailing(stream: Any, encoding: str | None) -> Any:
    if stream is None:  # A program without a console, such as `pythonw`, has no such stream.
        return io.TextIOWrapper(io.BufferedWriter(_Nowhere()), encoding="utf-8", errors=_REPLACE)
    if not isinstance(stream, io.TextIOWrapper):
        return stream
    buffer = stream.buffer
    raw = getattr(buffer, "raw", buffer)
    # Unbuffered, as `python -u` has it: what a buffer holds would fail once more at the end.
    return io.TextIOWrapper(
        _Unfailing(raw),
        encoding=encoding or stream.encoding,
        errors=_REPLACE,
        line_buffering=stream.line_buffering,
        write_through=True,
    )
