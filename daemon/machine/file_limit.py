"""Limits of the files and connections that this process may have open. Shell."""

import sys

__all__ = ["allow_many_files", "connections_allowed"]

_WANTED = 1 << 16

_SELECT_ON_WINDOWS = 512
"""Sockets that one `select` takes there (FD_SETSIZE of Python's build); our event loop waits for all of its own so."""

_OTHERS = 64
"""Sockets and files that are no connections of emulators: bus, writer, page, lists of folders."""

_FEWEST = 8


def allow_many_files() -> None:
    """Raise the limit of open files as far as the system lets us.

    Many systems start with 1,024 or 256. Somebody who only opens connections would use them up, and the recording could
    write no file. Windows has no such limit for files.
    """
    if sys.platform == "win32":
        return
    import resource  # noqa: PLC0415 - not on Windows

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _WANTED if hard == resource.RLIM_INFINITY else min(_WANTED, hard)
    if soft == resource.RLIM_INFINITY:
        return
    while soft < wanted:
        try:
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
        except (ValueError, OSError):
            wanted //= 2  # macOS takes no more than kern.maxfilesperproc, whatever the hard limit is.
        else:
            return


def connections_allowed() -> int:
    """Return the largest number of connections of emulators at a time."""
    if sys.platform == "win32":
        return _SELECT_ON_WINDOWS - _OTHERS
    import resource  # noqa: PLC0415 - not on Windows

    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft == resource.RLIM_INFINITY:
        return _WANTED
    return max(_FEWEST, (soft - _OTHERS) // 2)  # Each has a second descriptor to send with.
