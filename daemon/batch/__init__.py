"""Sessions at rest: the original tool's logs in, session folders out, and back.

Reading order, the pure modules first:

* in: `digits`, `csv_log` — the log as columns; `buttons` — keyboard keys as console buttons; `log_sets` — rows become
  frame sets; `import_report` — what was found.
* out: `csv_rows` — frame sets become rows.
* about: `game_config_check`, `statistics`, `tables`.

Shells: `session_reader` reads a session folder; `log_file`, `snapshots`, `beside` and `set_completer` read what an
import is made of, `bulk_writer` and `staging` write a session whole or not at all, `csv_import` joins them;
`csv_export` goes the other way; `exporters` is the port of all formats; `sessions` renames, deletes and merges; `cli`
and `cli_sessions` are the commands, `terminal_progress` their bar.
"""

__all__: list[str] = []
