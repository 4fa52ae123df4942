"""Translation of keyboard keys, which the original logged, to the console's buttons. Pure."""

from collections.abc import Callable, Mapping
from functools import lru_cache

from protocol.console import NO_KEYS

__all__ = ["KeyboardMap"]

_REMEMBERED = 1 << 10
"""Histories whose reading is kept: most come again in the next frame."""


class KeyboardMap:
    """Reader of the key columns of a log.

    Args:
        keys: keyboard key by console button, as in a game config; empty where the log holds console buttons already.

    Attributes:
        unknown: keys that were seen and belong to no button; they are left out.
    """

    def __init__(self, keys: Mapping[str, str]) -> None:
        self._buttons = {button: button for button in keys}
        self._buttons.update((key.casefold(), button) for button, key in keys.items())
        self.unknown: set[str] = set()
        self.history: Callable[[str], tuple[str, ...]] = lru_cache(_REMEMBERED)(self._history)

    def combination(self, logged: str) -> str:
        """Read `current_keys`: buttons joined by `+`, empty where none is held."""
        held = logged.strip()
        if not held or held == NO_KEYS:
            return ""
        if not self._buttons:
            return held
        return "+".join(dict.fromkeys(filter(None, map(self._button, held.split("+")))))

    def _history(self, logged: str) -> tuple[str, ...]:
        """Read `key_history`: combinations, oldest first, `None` for no button."""
        return tuple(self.combination(part) or NO_KEYS for part in logged.split(" | ")) if logged else ()

    def _button(self, key: str) -> str:
        button = self._buttons.get(key.casefold()) or self._buttons.get(key)
        if button is None:
            self.unknown.add(key)
            return ""
        return button
