"""Links in a session's folder, which are not followed: session folders come from other people. Pure but for `lstat`."""

import errno
import stat
from pathlib import Path

__all__ = ["LINK", "is_link", "unlinked"]

LINK = "it is a link, and links in a session's folder are not followed"
"""Why a path is not opened."""

_JUNCTION = 0xA000_0003
"""IO_REPARSE_TAG_MOUNT_POINT: what Windows makes of `mklink /J`, for which nobody needs a permission."""


def is_link(path: Path) -> bool:
    """Tell whether a name is a symbolic link, or a junction of Windows; not where there is nothing of that name."""
    try:
        status = path.lstat()
    except OSError:
        return False
    return stat.S_ISLNK(status.st_mode) or getattr(status, "st_reparse_tag", 0) == _JUNCTION


def unlinked(folder: Path, path: Path) -> Path:
    """Return a path if no link stands between a folder and it; the folder itself may be one.

    Raises:
        FileNotFoundError: a link does: what is behind it counts as not there.
    """
    place = folder
    for part in path.relative_to(folder).parts:
        place /= part
        if is_link(place):
            raise FileNotFoundError(errno.ENOENT, LINK, str(path))
    return path
