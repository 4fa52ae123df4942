"""The HTTP interface: our routes, the original's, and their description."""

__all__: list[str] = []
