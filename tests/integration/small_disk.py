"""A disk of a given size in memory, that can be filled up: Linux, and only for its administrator."""

import shutil
import subprocess
import sys
import tempfile
from contextlib import suppress
from functools import cache
from pathlib import Path

__all__ = ["SmallDisk", "can_mount"]

_BALLAST = ".ballast"
_PIECE = 1 << 20


def _mount(*arguments: str) -> bool:
    return subprocess.run(["mount", *arguments], capture_output=True, check=False).returncode == 0


@cache
def can_mount() -> bool:
    """Return whether this process may mount a disk, by mounting one: that right has many names."""
    if sys.platform != "linux" or shutil.which("mount") is None:
        return False
    with tempfile.TemporaryDirectory(prefix="small-disk-") as folder:
        if not _mount("-t", "tmpfs", "-o", "size=64k", "tmpfs", folder):
            return False
        subprocess.run(["umount", "-l", folder], check=True)
        return True


class SmallDisk:
    """A disk that is mounted.

    Args:
        folder: where; it is made.
        size: as `mount` takes it, `6m`.

    Raises:
        OSError: it cannot be mounted.
    """

    def __init__(self, folder: Path, size: str) -> None:
        self.folder = folder
        folder.mkdir(exist_ok=True)
        if not _mount("-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)):
            raise OSError(f"no disk can be mounted at {folder}")

    def grow(self, size: str) -> None:
        """Give it another size."""
        if not _mount("-o", f"remount,size={size}", str(self.folder)):
            raise OSError(f"the disk at {self.folder} cannot be grown")

    def fill(self, left: int) -> None:
        """Fill it up.

        Args:
            left: bytes that stay free.
        """
        with suppress(OSError), (self.folder / _BALLAST).open("wb", buffering=0) as ballast:
            while (room := shutil.disk_usage(self.folder).free - left) > 0:
                ballast.write(bytes(min(room, _PIECE)))

    def make_room(self) -> None:
        """Take away what filled it up."""
        (self.folder / _BALLAST).unlink()

    def unmount(self) -> None:
        """Forget it, and all that it holds."""
        subprocess.run(["umount", "-l", str(self.folder)], check=True)
