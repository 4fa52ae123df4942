"""Logs that another program saved in its own way: compressed, in UTF-16, with other separators. Shell.

Where decimals have commas, a spreadsheet separates by semicolons; PowerShell writes UTF-16. Such a log is read all the
same: the importer gets a plain copy, line by line the same.
"""

import csv
import gzip
import io
import tempfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from daemon.importing.csv_log import COLUMNS
from protocol.errors import LogError
from protocol.wording import sentence

__all__ = ["PlainLog", "plain_logs"]

_LOOK = 1 << 12
"""Bytes of the beginning that tell how a log was saved."""

_NAMES = {";": "semicolons", "\t": "tabs", "|": "vertical bars"}

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


@dataclass(frozen=True, slots=True)
class PlainLog:
    """A log that can be imported.

    Args:
        path: the log itself, or its plain copy.
        form: how it was saved, where that is not plain; else empty.
    """

    path: Path
    form: str = ""


@dataclass(frozen=True, slots=True)
class _Form:
    gzipped: bool
    encoding: str
    separator: str
    says_separator: bool

    @property
    def is_plain(self) -> bool:
        return not self.gzipped and self.encoding == "utf-8" and self.separator == "," and not self.says_separator

    @property
    def name(self) -> str:
        said = ["gzip" * self.gzipped, "UTF-16" if self.encoding != "utf-8" else "", _NAMES.get(self.separator, "")]
        return ", ".join(filter(None, [*said, "a `sep=` line" * self.says_separator]))


@contextmanager
def plain_logs(logs: Sequence[Path]) -> Iterator[dict[Path, PlainLog]]:
    """Make every log plain; copies are there as long as the context.

    Raises:
        LogError: a log cannot be read, or is no log at all.
    """
    with ExitStack() as stack:
        yield {log: _plain(log, stack) for log in logs}


def _plain(log: Path, stack: ExitStack) -> PlainLog:
    try:
        form = _form(log)
        if form.is_plain:
            return PlainLog(log)
        # The name stays, so that what is told of the copy is told of the log.
        copy = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="gbatrace-"))) / log.name
        _write_plain(log, form, copy)
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise LogError(f"{log} is a gzip file that is damaged or cut off ({error}).") from None
    except csv.Error as error:
        raise LogError(sentence(f"{log} is not a log: {error}")) from None
    except OSError as error:
        raise LogError(f"The log {log} cannot be read ({error.strerror or error}).") from error
    return PlainLog(copy, form.name)


def _form(log: Path) -> _Form:
    with log.open("rb") as file:
        head = file.read(_LOOK)
    gzipped = head.startswith(b"\x1f\x8b")
    if gzipped:
        with gzip.open(log) as file:
            head = file.read(_LOOK)
    for mark, what in _ARCHIVES.items():
        if head.startswith(mark):
            raise LogError(f"{log} is not a log: it is {what}.")
    encoding = _encoding(head)
    lines = head.decode(encoding, "replace").lstrip("\ufeff").splitlines() or [""]
    says_separator = lines[0].lower().startswith("sep=")
    if says_separator:
        return _Form(gzipped, encoding, lines[0][len("sep=") :].strip("\r\n")[:1] or ",", says_separator)
    separators = [",", *_NAMES]
    separator = next((one for one in separators if lines[0].count(one) >= len(COLUMNS) - 1), ",")
    return _Form(gzipped, encoding, separator, says_separator)


def _encoding(head: bytes) -> str:
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    # Without a mark the NUL of every plain letter tells which byte comes first.
    even, odd = head[0:200:2], head[1:200:2]
    if len(odd) > 1 and odd.count(0) > len(odd) // 2 and not even.count(0):
        return "utf-16-le"
    return "utf-16-be" if len(odd) > 1 and even.count(0) > len(even) // 2 and not odd.count(0) else "utf-8"


def _write_plain(log: Path, form: _Form, copy: Path) -> None:
    errors = "surrogateescape" if form.encoding == "utf-8" else "replace"
    with (
        gzip.open(log) if form.gzipped else log.open("rb") as source,
        io.TextIOWrapper(source, form.encoding, errors, newline="") as text,
        copy.open("w", encoding="utf-8", errors="surrogateescape", newline="") as plain,
    ):
        if form.says_separator:
            # A header takes its place, so that the lines keep their numbers.
            text.readline()
            plain.write(f"{','.join(COLUMNS)}\n")
        if form.separator == ",":
            for line in text:
                plain.write(line)
            return
        table = csv.writer(plain, lineterminator="\n")
        table.writerows(csv.reader(text, delimiter=form.separator))
