"""Import of logs and spools: from a log to rows, to frame sets, to a session.

Reading order, pure modules first: `log_rows` (lines become checked rows) · `keyboard_map` (keyboard keys as console
buttons) · `log_sets` (rows become frame sets) · `import_order` (doubles, jumps, gaps) ·
`import_report` (what was found). Shells: `log_file` (how a log was saved, its lines) · `snapshots` (the screenshots) ·
`csv_import` joins them all.

`spool_import` delivers the frame sets that the script kept on disk to a recorder of its own.
"""

__all__: list[str] = []
