"""Libraries that only some formats need. Shell."""

from importlib import import_module
from typing import Any

from daemon.export.errors import LibraryError

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
        raise LibraryError(
            f'This format needs {missing}, which is not installed: pip install "gbatrace[export]"'
        ) from None
    return found[0]
