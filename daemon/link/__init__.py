"""Connections of the emulators.

`ingest` owns their sockets, with `quick_ack` for Nagle's sake.
What is sent on them is a matter of `protocol.link.connection` and `daemon.recording`.
"""

__all__: list[str] = []
