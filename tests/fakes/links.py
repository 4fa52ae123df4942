"""Links, on systems that let a test make one."""

from pathlib import Path

import pytest

__all__ = ["link"]


def link(path: Path, target: Path) -> None:
    """Make a symbolic link in the place of a file; a test that may not is skipped, on Windows for one."""
    path.unlink(missing_ok=True)
    try:
        path.symlink_to(target, target_is_directory=target.is_dir())
    except OSError:
        pytest.skip("this system lets nobody make a link")
