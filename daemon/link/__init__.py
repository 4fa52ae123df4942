"""The emulators' connections.

`ingest` owns their sockets, with `quick_ack` for Nagle's sake; `rejections` counts who was turned away.
What is said on them is the matter of `protocol.link.connection` and `daemon.recording`.
"""

__all__: list[str] = []
