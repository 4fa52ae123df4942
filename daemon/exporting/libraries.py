"""Libraries that only some formats need. Shell."""

import platform
import sys
from importlib import import_module
from typing import Any

from daemon.exporting.errors import LibraryError
from protocol.wording import how_to_install

__all__ = ["require"]


def require(*modules: str) -> Any:
    """Import modules that a format needs.

    Args:
        modules: their dotted names.

    Returns:
        The first of them.

    Raises:
        LibraryError: one of them is not installed; the sentence says how to install it.
    """
    try:
        found = [import_module(name) for name in modules]
    except ImportError as error:
        missing = (error.name or modules[0]).split(".")[0]
        remedy = how_to_install("export")
        if missing == "pyarrow" and (sys.platform, platform.machine()) == ("win32", "ARM64"):
            remedy = "there is none for Windows on ARM, so install the x64 Python and gbatrace in it"
        raise LibraryError(f"This format needs {missing}, which is not installed: {remedy}") from None
    return found[0]
