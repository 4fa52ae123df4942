"""BizHawk's `emu` library. Sources: `EmulationLuaLibrary.cs`, `Api/Classes/EmulationApi.cs`."""

from collections.abc import Callable

from lua.headless.border import Border
from lua.headless.core import Core
from lua.headless.script import LuaMachine

__all__ = ["emu_functions"]


def emu_functions(
    border: Border, machine: LuaMachine, core: Callable[[], Core], frame_count: Callable[[], int]
) -> dict[bytes, object]:
    """Give the library's functions as Lua gets them.

    Args:
        border: what they cross.
        machine: makes the two functions that yield.
        core: gives the console of the moment.
        frame_count: gives the number of frames run.
    """

    def get_register(name: str) -> int:
        value = core().registers().get(name, 0)
        return value - (1 << 32) if value >> 31 else value

    functions = border.library(
        "emu",
        {
            "framecount": frame_count,
            "getregister": get_register,
            "getregisters": lambda: dict(core().registers()),
            "getsystemid": lambda: "GBA",
            "getluacore": lambda: "NLua+Lua",
        },
    )
    return {
        **functions,
        b"frameadvance": machine.yielding("frameadvance"),
        b"yield": machine.yielding("yield"),
    }
