"""Repainting pictures in other processes, so that every core helps. Shell.

Pillow decodes one picture at a time in a process. A long session is repainted by child processes, `python -m
daemon.export.painters`, one for each core up to four. A child reads a list of PNGs from its standard input, writes
the list of repainted ones to its standard output, and ends with its input. Where none can be started, or one dies,
this process does the work itself.
"""

import os
import struct
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from queue import SimpleQueue
from types import TracebackType
from typing import IO, Self

from daemon.export.errors import ExportError
from daemon.export.pictures import Repainter

__all__ = ["MOST_CHILDREN", "WORTH_A_CHILD", "Painters", "main", "read_list", "write_list"]

MOST_CHILDREN = 4
WORTH_A_CHILD = 1024
"""Pictures below which a child would take longer to start than to paint."""

_NUMBER = struct.Struct("<I")


class Painters:
    """Repaints batches of pictures, several at a time.

    Args:
        pictures: how many there will be, more or less.
    """

    def __init__(self, pictures: int) -> None:
        apart = pictures >= WORTH_A_CHILD
        self.count = min(MOST_CHILDREN, os.cpu_count() or 1) if apart else 1
        self._idle: SimpleQueue[_Painter] = SimpleQueue()
        self._every = [_Painter(apart=apart) for _ in range(self.count)]
        for painter in self._every:
            self._idle.put(painter)
        self._pool = ThreadPoolExecutor(self.count)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._pool.shutdown(cancel_futures=True)
        for painter in self._every:
            painter.close()

    def repaint(self, pngs: Sequence[bytes]) -> "Future[list[bytes]]":
        """Repaint a batch; see `Repainter.repaint`.

        Returns:
            The repainted pictures to come. They raise `ExportError` where one can not be decoded.
        """
        return self._pool.submit(self._repaint, pngs)

    def _repaint(self, pngs: Sequence[bytes]) -> list[bytes]:
        painter = self._idle.get()
        try:
            return painter.repaint(pngs)
        finally:
            self._idle.put(painter)


class _Painter:
    """A child process, or this process in its place."""

    def __init__(self, *, apart: bool) -> None:
        self._repainter = Repainter()
        self._child = _start() if apart else None

    def repaint(self, pngs: Sequence[bytes]) -> list[bytes]:
        if self._child is not None:
            try:
                return _ask(self._child, pngs)
            except (OSError, EOFError):
                self.close()
        return [self._repainter.repaint(png) for png in pngs]

    def close(self) -> None:
        child, self._child = self._child, None
        if child is None:
            return
        child.kill()
        for stream in (child.stdin, child.stdout):
            if stream is not None:
                with suppress(OSError):
                    stream.close()
        child.wait()


def _start() -> "subprocess.Popen[bytes] | None":
    windows = sys.platform == "win32"
    try:
        return subprocess.Popen(
            [sys.executable, "-m", "daemon.export.painters"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            creationflags=subprocess.CREATE_NO_WINDOW if windows else 0,  # type: ignore[attr-defined,unused-ignore]
            start_new_session=not windows,
        )
    except OSError:
        return None


def _ask(child: "subprocess.Popen[bytes]", pngs: Sequence[bytes]) -> list[bytes]:
    if child.stdin is None or child.stdout is None:
        raise EOFError
    write_list(child.stdin, pngs)
    answer = read_list(child.stdout)
    if answer is None or len(answer) != len(pngs):
        raise EOFError
    return answer


def write_list(stream: IO[bytes], items: Sequence[bytes]) -> None:
    """Write byte strings: how many, the length of each (32 bits, little-endian), then each."""
    stream.write(b"".join([_NUMBER.pack(len(items)), *(_NUMBER.pack(len(item)) for item in items), *items]))
    stream.flush()


def read_list(stream: IO[bytes]) -> list[bytes] | None:
    """Read what `write_list` wrote; None at the end of the stream.

    Raises:
        EOFError: the stream ends within a list.
    """
    head = stream.read(_NUMBER.size)
    if not head:
        return None
    (count,) = _NUMBER.unpack(_whole(head, _NUMBER.size))
    lengths = struct.unpack(f"<{count}I", _whole(stream.read(_NUMBER.size * count), _NUMBER.size * count))
    return [_whole(stream.read(length), length) for length in lengths]


def _whole(data: bytes, length: int) -> bytes:
    if len(data) != length:
        raise EOFError
    return data


def main() -> None:
    """Repaint what comes on the standard input until it ends. A picture that can not be decoded ends it at once."""
    repainter = Repainter()
    while (pngs := read_list(sys.stdin.buffer)) is not None:
        try:
            painted = [repainter.repaint(png) for png in pngs]
        except ExportError:
            sys.exit(1)
        write_list(sys.stdout.buffer, painted)


if __name__ == "__main__":
    main()
