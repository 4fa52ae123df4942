"""Errors in the game's own source."""

__all__ = ["SourceError"]


class SourceError(Exception):
    """A file of the demo game cannot be turned into cartridge data."""
