"""Sessions at rest: the original tool's logs in, session folders out, and back.

Reading order, the pure modules first:

* in: `digits`, `uniform_rows`, `csv_log` — the log as columns; `buttons` — keyboard keys as console buttons;
  `log_sets` — rows become frame sets; `set_ledger` — what they have to do with each other; `import_report` — what was
  found.
* out: `csv_rows` — frame sets become rows.
* about: `busy_addresses`, `tables`.
* trust: `verify_report` — what was found; `verify_order` — frames and frame sets in order;
  `verify_memory` — memory rebuilt and compared with what the emulator proved.

Shells: `session_reader` reads a session folder; `log_file`, `log_blocks`, `snapshots`, `beside` and `set_completer`
read what an import is made of, `bulk_writer` and `staging` write a session whole or not at all, `block_import` makes
frame sets of a block of the log, `csv_import` joins them; `log_export` and `csv_export` go the other way;
`crew` lets every core help in either. `spool_import` delivers what the script kept on
disk to a recorder. `exporters` is the port of all formats; `sessions` renames, deletes and merges; `verify_files`,
`verify_journals`, `verify_seals` and `verify` examine, `session_check` judges a session whose play is
known; `cli`, `cli_export`, `cli_sessions` and `verify_cli` are the commands, `terminal_progress` their bar.
"""

__all__: list[str] = []
