"""Analysis of recorded memory: an index of every change, and what is asked of it.

Reading order, pure but for the shells at the end:

* `value_types`: how bytes are read as a value
* `tokens`, `moments`, `filters`: the grammar of a search
"""

__all__: list[str] = []
