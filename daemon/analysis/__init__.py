"""Analysis of recorded memory: an index of every change, and what is asked of it.

Pure: `value_types` (how bytes are read as a value).
"""

__all__: list[str] = []
