"""Sessions as wholes: read, listed, renamed, deleted, merged; game configs checked."""

__all__: list[str] = []
