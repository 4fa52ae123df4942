"""The machine that gbatrace runs on.

`browser`, `file_limit` and `lan_address` ask the system. Shells.
"""

__all__: list[str] = []
