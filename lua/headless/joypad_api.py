"""BizHawk's `joypad` library.

Sources: `JoypadApi.cs`, `MainForm.cs`, `MGBAHawk.IEmulator.cs`.
"""

from collections.abc import Callable

from lua.headless.marshalling import LuaTable, Marshaller
from protocol.console import GBA

__all__ = ["JoypadApi"]

_IN_ORDER = ("Up", "Down", "Left", "Right", "Start", "Select", "B", "A", "L", "R")
_AXES = ("Tilt X", "Tilt Y", "Tilt Z", "Light Sensor")
_BITS = {name: 1 << GBA.buttons.index(name) for name in _IN_ORDER}


class JoypadApi:
    """Buttons as a script sees and overrides them.

    Args:
        held: returns the buttons that the person held in the last frame, a bit set in the order of `GBA.buttons`.
        pressed: returns those that the core was given: a movie's while one plays.
    """

    def __init__(self, held: Callable[[], int], pressed: Callable[[], int]) -> None:
        self._held = held
        self._pressed = pressed
        self._overridden = self._override = 0

    def functions(self, marshaller: Marshaller) -> dict[bytes, Callable[..., object]]:
        """Return the library's functions as Lua gets them."""

        def set_buttons(buttons: LuaTable) -> None:
            named = {
                name.decode("utf-8", "replace"): value for name, value in buttons.items() if isinstance(name, bytes)
            }
            marshaller.count_elements(len(named))
            self._overridden = sum(_BITS.get(name, 0) for name in named)
            self._override = sum(_BITS.get(name, 0) for name, value in named.items() if value)

        get, get_pressed = self._getter(self._held), self._getter(self._pressed)
        return marshaller.library(
            "joypad", {"get": get, "getwithmovie": get_pressed, "getimmediate": get, "set": set_buttons}
        )

    def apply(self, held: int) -> int:
        """Return the buttons of the next frame, and forget those that the script set for it.

        Args:
            held: what the player holds, a bit set in the order of `GBA.buttons`; buttons that the script set go first.
        """
        pressed = held & ~self._overridden | self._override
        self._overridden = self._override = 0
        return pressed

    def _getter(self, source: Callable[[], int]) -> Callable[..., dict[str, object]]:
        def get(controller: int | None = None) -> dict[str, object]:
            # A GBA's buttons have no "P1 " before them: asked for one controller's, BizHawk finds none.
            if controller is not None:
                return {}
            down = source()
            buttons: dict[str, object] = {name: bool(down & bit) for name, bit in _BITS.items()}
            return buttons | {"Power": False} | dict.fromkeys(_AXES, 0)

        return get
