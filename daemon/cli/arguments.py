r"""Repair of paths whose closing quotation mark a backslash escaped. Pure.

On Windows a program takes its command line apart itself, and a backslash before a quotation mark escapes it: of
`--data "D:\my traces\" --no-page` is left the one word `D:\my traces" --no-page`. Both the Command Prompt and
PowerShell complete the name of a folder with that backslash.
"""

import re
from collections.abc import Iterable

from protocol.errors import SettingsError

__all__ = ["repaired_arguments"]

_DRIVE = re.compile(r"[A-Za-z]:")
"""A drive, which without its backslash would mean the current folder there."""

_ESCAPED_QUOTE = re.compile(r'(?P<path>(?:[A-Za-z]:|.*\\)[^"]*)"(?P<rest>[^"]*)')


def repaired_arguments(words: Iterable[str], *, windows: bool) -> list[str]:
    """Take the escaped quotation mark off the end of each path.

    Args:
        words: of the command line, without the program's name.
        windows: whether this is Windows. Elsewhere a name may hold a quotation mark.

    Raises:
        SettingsError: the words after the path have become part of it.
    """
    return [_repaired(word) for word in words] if windows else list(words)


def _repaired(word: str) -> str:
    found = _ESCAPED_QUOTE.fullmatch(word)
    if found is None:
        return word
    if found["rest"].strip():
        raise SettingsError(
            f'Leave out the backslash at the end of "{found["path"]}\\": before a quotation mark it makes what follows '
            "part of the name."
        )
    return f"{found['path']}\\" if _DRIVE.fullmatch(found["path"]) else found["path"]
