"""Another program that opens files in the moment in which they get a name, as seen on Windows."""

import errno
import os
import time
from collections.abc import Callable
from typing import Any

from protocol import held_files

__all__ = ["hold_open"]

_CALLS = ("rename", "replace", "unlink", "rmdir", "remove")


def hold_open(
    matches: Callable[[str], bool],
    seconds: float,
    patch: Callable[[object, str, Any], object] = setattr,
) -> None:
    """Refuse to rename, replace or delete some paths for a while, from the first time that somebody tries.

    Args:
        matches: tells which paths.
        seconds: how long each is held.
        patch: sets an attribute; a test passes `monkeypatch.setattr`, a process of its own needs none.
    """
    since: dict[str, float] = {}

    def wrap(call: Callable[..., Any]) -> Callable[..., Any]:
        def refusing(path: "str | os.PathLike[str]", *arguments: Any, **named: Any) -> Any:
            name = os.fspath(path)
            if matches(name) and time.monotonic() < since.setdefault(name, time.monotonic()) + seconds:
                raise PermissionError(errno.EACCES, "The process cannot access the file", name)
            return call(path, *arguments, **named)

        return refusing

    for name in _CALLS:
        patch(os, name, wrap(getattr(os, name)))
    patch(held_files, "_ON_WINDOWS", True)
