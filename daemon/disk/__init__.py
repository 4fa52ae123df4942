"""Disk access that every writer of files shares. Shells.

`files` writes whole files and `journals` whole lines, or nothing of them; `durability` forces them out to the medium;
`file_lock` keeps other processes from a session or a book of names; `private_files` are for their owner alone;
`data_folder` checks the data folder, `folder_watch` sees folders disappear.
"""

__all__: list[str] = []
