"""Errors that keep a dataset from being made. The message of each is one sentence for the person who asked for it."""

from protocol.errors import UserError

__all__ = ["ExportError", "LibraryError"]


class ExportError(UserError):
    """These sessions cannot become that dataset, or not in that folder."""


class LibraryError(ExportError):
    """A format needs a library that is not installed."""
