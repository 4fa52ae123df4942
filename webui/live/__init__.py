"""Live sessions: bus client, state of the daemon, browsers' sockets, label commands."""

__all__: list[str] = []
