"""A session on disk: layout, documents, labels, integrity, statistics."""

__all__: list[str] = []
