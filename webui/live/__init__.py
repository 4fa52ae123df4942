"""Live sessions on the page: bus client, state of the daemon, browsers' sockets."""

__all__: list[str] = []
