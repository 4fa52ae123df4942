"""Sessions as wholes: chosen, listed, renamed, deleted, merged."""

__all__: list[str] = []
