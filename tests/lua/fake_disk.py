"""The script's disk as a dictionary, with a disk's moods. It stands behind the port that `lua/host/disk.lua` fills."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.lua.machine import Machine

__all__ = ["FakeDisk", "other_owner"]


@contextmanager
def other_owner() -> Iterator[str]:
    """The mark of another process, which runs meanwhile: its number and start time (proc(5), Linux only)."""
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as other:
        started = Path(f"/proc/{other.pid}/stat").read_text("utf-8").rpartition(")")[2].split()[19]
        yield f"{other.pid} {started}"
        other.communicate()


class FakeDisk:
    """Files by path.

    Attributes:
        files: what they hold.
        room: bytes that can still be written; None for as many as wanted.
        refuses_screenshots: screenshots fail.
        in_use: files that another emulator has open.
        claimed: files that this one has claimed.
        open_files: how many are open.
        screenshots: screenshots taken.
    """

    def __init__(self) -> None:
        self.files: dict[str, bytearray] = {}
        self.room: int | None = None
        self.refuses_screenshots = False
        self.in_use: set[str] = set()
        self.claimed: set[str] = set()
        self.open_files = 0
        self.screenshots = 0
        self._folders: set[str] = set()

    def port(self, lua: Machine) -> Any:
        """The port as Lua gets it."""
        functions = {
            "screenshot": self._screenshot,
            "read": lambda path: self._read(lua, path.decode()),
            "write": lambda path, mode: self._write(lua, path.decode(), mode.decode()),
            "claim": lambda path: self.claimed.add(path.decode()),
            "unclaim": lambda path: self.claimed.discard(path.decode()),
            "is_free": lambda path: path.decode() not in self.in_use,
            "remove": lambda path: self.files.pop(path.decode(), None) and None,
        }
        return lua.to_lua(functions)

    def tree(self) -> list[str]:
        """Names of all files."""
        return sorted(self.files)

    def _screenshot(self, path: bytes) -> Any:
        if self.refuses_screenshots:
            return False, b"the folder is write-protected"
        self.screenshots += 1
        folder = path.decode().rpartition("/")[0]
        self._folders |= {folder, folder.rpartition("/")[0]}
        self.files[path.decode()] = bytearray(b"PNG %d" % self.screenshots)
        return True

    def _read(self, lua: Machine, path: str) -> Any:
        content = self.files.get(path)
        if content is None:
            return None
        self.open_files += 1

        def part(offset: int, length: int) -> bytes | None:
            piece = bytes(content[offset : offset + length])
            return piece if len(piece) == length else None

        return lua.to_lua({"size": len(content), "slice": part, "close": self._close})

    def _write(self, lua: Machine, path: str, mode: str) -> Any:
        folder = path.rpartition("/")[0]
        if folder not in self._folders:
            return None, f"{path}: No such file or directory".encode()
        if mode == "wb":
            self.files[path] = bytearray()
        content = self.files.setdefault(path, bytearray())
        self.open_files += 1

        def write(text: bytes) -> Any:
            if self.room is not None and len(text) > self.room:
                content.extend(text[: self.room])
                return False, b"No space left on device"
            if self.room is not None:
                self.room -= len(text)
            content.extend(text)
            return True

        return lua.to_lua({"write": write, "close": self._close})

    def _close(self) -> None:
        self.open_files -= 1
