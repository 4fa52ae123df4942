"""BizHawk's `joypad` library. Sources: `JoypadApi.cs`, `MGBAHawk.IEmulator.cs` (the controller)."""

from collections.abc import Callable, Mapping

from lua.headless.border import Border, LuaTable
from protocol.buttons import BUTTONS

__all__ = ["joypad_functions"]

_IN_ORDER = ("Up", "Down", "Left", "Right", "Start", "Select", "B", "A", "L", "R")
_AXES = ("Tilt X", "Tilt Y", "Tilt Z", "Light Sensor")


def joypad_functions(
    border: Border, pressed: Callable[[], int], override: Callable[[Mapping[bytes, object]], None]
) -> dict[bytes, Callable[..., object]]:
    """Give the library's functions as Lua gets them.

    Args:
        border: what they cross.
        pressed: gives the buttons of the last frame, a bit set in the order of `BUTTONS`.
        override: takes the buttons of the next frame, true or false by name.
    """
    bits = {name: BUTTONS.index(name) for name in _IN_ORDER}

    def get(controller: int | None = None) -> dict[str, object]:
        # A GBA's buttons have no "P1 " before them: asked for one controller's, BizHawk finds none.
        if controller is not None:
            return {}
        held = pressed()
        buttons: dict[str, object] = {name: bool(held >> bit & 1) for name, bit in bits.items()}
        return buttons | {"Power": False} | dict.fromkeys(_AXES, 0)

    def set_buttons(buttons: LuaTable) -> None:
        named = {name: value for name, value in buttons.items() if isinstance(name, bytes)}
        border.count_elements(len(named))
        override(named)

    return border.library("joypad", {"get": get, "getwithmovie": get, "getimmediate": get, "set": set_buttons})
