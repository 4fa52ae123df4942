"""Disk access that every writer of files shares. Shells.

`files` writes whole files and `journals` whole lines, or nothing of them; `durability` forces them out to the medium;
`recording_lock` is held by the process that records a session.
"""

__all__: list[str] = []
