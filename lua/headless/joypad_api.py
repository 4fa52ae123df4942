"""BizHawk's `joypad` library. Sources: `JoypadApi.cs`, `MGBAHawk.IEmulator.cs` (the controller)."""

from collections.abc import Callable, Mapping

from lua.headless.border import Border, LuaTable
from protocol.console import GBA

__all__ = ["joypad_functions"]

_IN_ORDER = ("Up", "Down", "Left", "Right", "Start", "Select", "B", "A", "L", "R")
_AXES = ("Tilt X", "Tilt Y", "Tilt Z", "Light Sensor")


def joypad_functions(
    border: Border,
    held: Callable[[], int],
    pressed: Callable[[], int],
    override: Callable[[Mapping[bytes, object]], None],
) -> dict[bytes, Callable[..., object]]:
    """Give the library's functions as Lua gets them.

    Args:
        border: what they cross.
        held: gives the buttons that the person held in the last frame, a bit set in the order of `GBA.buttons`.
        pressed: gives those that the core was given: a movie's while one plays.
        override: takes the buttons of the next frame, true or false by name.
    """
    bits = {name: GBA.buttons.index(name) for name in _IN_ORDER}

    def getter(source: Callable[[], int]) -> Callable[..., dict[str, object]]:
        def get(controller: int | None = None) -> dict[str, object]:
            # A GBA's buttons have no "P1 " before them: asked for one controller's, BizHawk finds none.
            if controller is not None:
                return {}
            down = source()
            buttons: dict[str, object] = {name: bool(down >> bit & 1) for name, bit in bits.items()}
            return buttons | {"Power": False} | dict.fromkeys(_AXES, 0)

        return get

    def set_buttons(buttons: LuaTable) -> None:
        named = {name: value for name, value in buttons.items() if isinstance(name, bytes)}
        border.count_elements(len(named))
        override(named)

    return border.library(
        "joypad",
        {"get": getter(held), "getwithmovie": getter(pressed), "getimmediate": getter(held), "set": set_buttons},
    )
