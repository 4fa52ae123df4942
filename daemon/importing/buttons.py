"""From the keys of a keyboard, as the original logged them, to the console's buttons. Pure."""

from collections.abc import Callable, Mapping
from functools import lru_cache

from protocol.console import NO_KEYS

__all__ = ["Buttons"]

_REMEMBERED = 1 << 14
"""Combinations and histories whose reading is kept: few of them are new."""


class Buttons:
    """Reads the key columns of a log.

    Args:
        keys: keyboard key by console button, as in a game config; empty where the log holds console buttons already.

    Attributes:
        unknown: keys that were seen and are no button's; they are left out.
    """

    def __init__(self, keys: Mapping[str, str]) -> None:
        self._names = {button: button for button in keys}
        self._names.update((key.casefold(), button) for button, key in keys.items())
        self.unknown: set[str] = set()
        self.combination: Callable[[bytes], str] = lru_cache(_REMEMBERED)(self._combination)
        self.history: Callable[[bytes], tuple[str, ...]] = lru_cache(_REMEMBERED)(self._history)

    def _combination(self, text: bytes) -> str:
        """Read `current_keys`: buttons joined by `+`, empty where none is held."""
        held = text.decode("utf-8", "replace").strip()
        if not held or held == NO_KEYS:
            return ""
        if not self._names:
            return held
        return "+".join(dict.fromkeys(filter(None, map(self._button, held.split("+")))))

    def _history(self, text: bytes) -> tuple[str, ...]:
        """Read `key_history`: combinations, oldest first, `None` for no button."""
        return tuple(self._combination(part) or NO_KEYS for part in text.split(b" | ")) if text else ()

    def _button(self, key: str) -> str:
        button = self._names.get(key.casefold()) or self._names.get(key)
        if button is None:
            self.unknown.add(key)
            return ""
        return button
