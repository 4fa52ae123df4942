"""Named addresses of a game: our own lists, and those of other tools, read and written."""

__all__: list[str] = []
