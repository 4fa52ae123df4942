"""Log files: how they were saved, and their lines. Shell: reads, never writes.

The original writes plain CSV. Where decimals have commas a spreadsheet separates by semicolons, PowerShell writes
UTF-16, and people compress logs: all of these are read as they are.
"""

import gzip
import io
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path

from daemon.importing.log_rows import COLUMNS, Fault, LogRows, read_rows
from daemon.progress import Progress
from protocol.errors import LogError

__all__ = ["LONGEST_LINE", "LogFile", "open_log"]

LONGEST_LINE = 1 << 16
"""Characters of a line; a file with a longer one is not a log."""

_BATCH = 1 << 8
"""Lines that are read at a time: few enough for a processor's cache."""

_HEAD = 1 << 12
"""Bytes of the beginning that show how a log was saved."""

_SEPARATORS = {",": "", ";": "semicolons", "\t": "tabs", "|": "vertical bars"}

_ARCHIVES = {
    b"PK\x03\x04": "a ZIP archive or a spreadsheet: unpack it, or save it as CSV",
    b"\x28\xb5\x2f\xfd": "compressed with zstandard: unpack it",
    b"7z\xbc\xaf": "a 7-Zip archive: unpack it",
    b"BZh": "compressed with bzip2: unpack it",
    b"\xfd7zXZ": "compressed with xz: unpack it",
    b"\xd0\xcf\x11\xe0": "an old spreadsheet: save it as CSV",
    b"%PDF": "a PDF file",
    b"SQLite format 3": "a database",
}


def _ignore(_more: int) -> None:
    pass


@dataclass(frozen=True, slots=True)
class LogFile:
    """A log and how it was saved. Made by `open_log`.

    Args:
        path: the file.
        is_gzip: whether it is compressed.
        encoding: name of its text encoding.
        separator: the character between two fields.
        names_separator: whether its first line is a spreadsheet's `sep=`.
    """

    path: Path
    is_gzip: bool
    encoding: str
    separator: str
    names_separator: bool

    @property
    def name(self) -> str:
        """The file's name."""
        return self.path.name

    @property
    def odd_form(self) -> str:
        """Its odd encoding and separators, for people; empty where it is saved as the original does."""
        encoding = "" if self.encoding == "utf-8-sig" else "UTF-16"
        parts = ["gzip" * self.is_gzip, encoding, _SEPARATORS.get(self.separator, ""), "a `sep=` line"]
        return ", ".join(filter(None, parts if self.names_separator else parts[:-1]))

    def rows(self, on_fault: Callable[[Fault], None], progress: Progress = _ignore) -> Iterator[LogRows]:
        """Read its rows; see `read_rows` and `batches`."""
        return read_rows(self.batches(progress), on_fault, self.name, self.separator)

    def batches(self, progress: Progress = _ignore) -> Iterator[list[str]]:
        """Yield all lines with their ends, many at a time; bytes that are no text as hex escapes.

        Args:
            progress: called with the bytes of the file that were read since the last call.

        Raises:
            LogError: the file cannot be read, or a line is too long to be one of a log.
        """
        first_line, reported = 1, 0
        with _reading(self.path), self.path.open("rb") as file:
            unpacked = gzip.GzipFile(fileobj=file) if self.is_gzip else file
            with io.TextIOWrapper(unpacked, self.encoding, "backslashreplace", newline="\n") as text:
                every = iter(partial(text.readline, LONGEST_LINE + 1), "")
                while lines := list(islice(every, _BATCH)):
                    if max(map(len, lines)) > LONGEST_LINE:
                        raise LogError(_too_long(self.path, lines, first_line))
                    yield lines
                    first_line += len(lines)
                    place = file.tell()
                    progress(place - reported)
                    reported = place


def open_log(path: Path) -> LogFile:
    """Find out how a log was saved.

    Raises:
        LogError: the file cannot be read, or is not a log at all.
    """
    with _reading(path):
        head = _head(path)
        is_gzip = head.startswith(b"\x1f\x8b")
        if is_gzip:
            with gzip.open(path) as file:
                head = file.read(_HEAD)
    for mark, kind in _ARCHIVES.items():
        if head.startswith(mark):
            raise LogError(f"{path} is not a log: it is {kind}.")
    encoding = _encoding(head)
    first_line, _, _ = head.decode(encoding, "replace").partition("\n")
    first_line = first_line.removeprefix("\ufeff")
    names_separator = first_line.lower().startswith("sep=")
    fits = [each for each in _SEPARATORS if first_line.count(each) >= (1 if names_separator else len(COLUMNS) - 1)]
    return LogFile(path, is_gzip, encoding, next(iter(fits), ","), names_separator)


def _too_long(path: Path, lines: list[str], first_line: int) -> str:
    line = next(line for line, text in enumerate(lines, first_line) if len(text) > LONGEST_LINE)
    return f"{path}, line {line}: a line of more than {LONGEST_LINE:,} characters. This is not a log."


def _head(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(_HEAD)


def _encoding(head: bytes) -> str:
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    # Without a mark the NUL of every plain letter shows which byte comes first.
    even, odd = head[0:200:2], head[1:200:2]
    if len(odd) > 1 and odd.count(0) > len(odd) // 2 and not even.count(0):
        return "utf-16-le"
    return "utf-16-be" if len(odd) > 1 and even.count(0) > len(even) // 2 and not odd.count(0) else "utf-8-sig"


@contextmanager
def _reading(path: Path) -> Iterator[None]:
    try:
        yield
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise LogError(f"{path} is a gzip file that is damaged or cut off ({error}).") from None
    except OSError as error:
        raise LogError(f"The log {path} cannot be read ({error.strerror or error}).") from error
