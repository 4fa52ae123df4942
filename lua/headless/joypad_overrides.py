"""Buttons that a script presses or releases for one frame. Pure. Sources: `JoypadApi.cs`, `MainForm.cs`."""

from collections.abc import Mapping

from protocol.console import GBA

__all__ = ["JoypadOverrides"]

_BITS = {name.encode(): 1 << bit for bit, name in enumerate(GBA.buttons)}


class JoypadOverrides:
    """Wishes of `joypad.set`; they come before what the player holds, for the next frame that runs."""

    def __init__(self) -> None:
        self._named = 0
        self._held = 0

    def set(self, buttons: Mapping[bytes, object]) -> None:
        """Take the buttons that a table names; those that it does not name are the player's again."""
        named = {name: value for name, value in buttons.items() if name in _BITS}
        self._named = sum(_BITS[name] for name in named)
        self._held = sum(_BITS[name] for name, value in named.items() if value)

    def apply(self, held: int) -> int:
        """Give the buttons of the next frame, and forget what was asked.

        Args:
            held: what the player holds, a bit set in the order of `GBA.buttons`.
        """
        pressed = held & ~self._named | self._held
        self._named = self._held = 0
        return pressed
