"""Agreement of two people's labels, from what each of them said last.

* `words` — the last value that each person gave to each frame set, from a session's history. Pure.
* `agreement` — agreement by field, Cohen's kappa, and the disagreements run by run. Pure.
* `service` — the labels of a session's people, or of two sessions of the same play, read and compared.
"""

__all__: list[str] = []
