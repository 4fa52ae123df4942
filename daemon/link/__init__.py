"""Connections of the emulators.

`ingest` owns their sockets, with `quick_ack` for Nagle's sake; `rejections` counts who was turned away.
What is sent on them is the matter of `protocol.link.connection` and `daemon.recording`.
"""

__all__: list[str] = []
