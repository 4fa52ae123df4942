"""How many files and connections this process may have open."""

import sys

__all__ = ["allow_many_files"]

_WANTED = 1 << 16


def allow_many_files() -> None:
    """Raise the limit of open files as far as the system lets us.

    Many systems start with 1,024 or 256. Somebody who only opens connections would use them up, and the recording could
    write no file. Windows has no such limit.
    """
    if sys.platform == "win32":
        return
    import resource  # noqa: PLC0415 - not on Windows

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _WANTED if hard == resource.RLIM_INFINITY else min(_WANTED, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
