"""The machine that gbatrace runs on.

`browser`, `file_limit`, `lan_address` and `priority` ask the system; `parent_socket` joins a child to its parent.
Shells.
"""

__all__: list[str] = []
