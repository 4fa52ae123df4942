"""The link between the script and the daemon: framing, codec, messages, connection."""

__all__: list[str] = []
