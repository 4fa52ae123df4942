"""Names of memory: a book of named addresses for each game, and the lists of other tools.

Pure: `named_address` (one name, checked), `book` (a game's names in layers, and edits of a person's own),
`entries` (what all lists share), then a module for each form of list: `name_list` (ours), `ram_watch`, `stable_retro`,
`code_notes`; `formats` chooses among them; `config_names` (those of a game config); `edits` (what bus and command line
do to a book), `commands` (arguments of the bus).
Shells: `book_files` (the files of a data folder), `service` (the bus).
"""

__all__: list[str] = []
