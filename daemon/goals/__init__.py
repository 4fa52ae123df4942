"""Goals of games, reward and end, declared over named addresses.

Datasets judge what was recorded by them, the environment what is played.
"""

__all__: list[str] = []
