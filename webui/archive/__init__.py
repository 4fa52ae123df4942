"""Recorded sessions: reading of folders, index, thumbnails, statistics."""

__all__: list[str] = []
