"""Analysis of recorded memory: an index of every change, and what is asked of it.

Reading order, pure but for the shells at the end:

* `value_types`: how bytes are read as a value
* `timeline`: frame sets and frames of a recording, how moments are counted
* `rows`, `change_counts`: the entries of each word one after the other, and how often values changed
* `history`: the index: memory at any moment, values over time, arithmetic on changes
* `value_changes`, `thinning`: the changes of one value; curves with few points
* `set_labels`: labels of frame sets, as questions about memory need them
* `tokens`, `moments`, `addresses`, `filters`: the grammar of a search; `alarm_rules`: that of alarms, made of filters
* `predicates`, `companions`: filters judged for every value at every byte offset
* `candidates`, `search`: what is left, in order
* shell: `saved_searches` (named searches, with a session or as a file)
* shells: `label_reader`, `history_file` (the index of a long session, cached on disk), `session_history` (a session
  opened by its folder, kept up with while it is recorded)
"""

__all__: list[str] = []
