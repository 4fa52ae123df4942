"""The terminal of the person at the keyboard."""

__all__: list[str] = []
