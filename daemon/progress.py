"""Progress of work that takes a while, in frame sets or in bytes of a log. Pure."""

from collections.abc import Callable

__all__ = ["Progress"]

Progress = Callable[[int], None]
"""Called every now and then with how much more is done."""
