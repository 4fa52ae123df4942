"""Access to the page: login, request admission, limits of connections."""

__all__: list[str] = []
