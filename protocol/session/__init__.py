"""A session on disk: the names of its files, and the bytes of each.

* `layout` — names of files and folders; `reader` — a session read from them.
* `frame_set` — a frame set as values; `event_json` — the same as bytes, of a document (`event_document`) and rows of
  memory changes (`change_rows`); `flaws` — why it is not whole.
* `annotations` — the labels of a frame set.
* `metadata`, `events` — the session as a whole, and what happened in it.
* `integrity`, `hash_chain`, `seals` — what proves the files.
* `change_log` — the changes of all sets as blocks, one file; `change_log_builder` makes them, `change_log_reader` reads
  them, from folders too; `word_numbers` — how words are counted there.
* `memory` — the console's memory, live or rebuilt from the files.
* `screenshots` — size and check of a screenshot's bytes.
* `statistics` — counts of a session.
* `json_values` — checked values out of its JSON files.
"""

__all__: list[str] = []
