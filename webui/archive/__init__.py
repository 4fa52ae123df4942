"""Recorded sessions on the page: the index, its rows, thumbnails, statistics."""

__all__: list[str] = []
