"""BizHawk's `emu` library. Sources: `EmulationLuaLibrary.cs`, `Api/Classes/EmulationApi.cs`."""

from collections.abc import Callable, Mapping

from lua.headless.core import Core
from lua.headless.marshalling import Marshaller
from lua.headless.script import LuaMachine
from protocol.console import GBA
from protocol.errors import CoreError

__all__ = ["emu_functions"]


def emu_functions(
    marshaller: Marshaller,
    machine: LuaMachine,
    core: Callable[[], Core],
    frame_count: Callable[[], int],
    log: Callable[[str], None],
) -> dict[bytes, object]:
    """Return the library's functions as Lua gets them.

    Args:
        marshaller: wraps them.
        machine: makes the two functions that yield.
        core: gives the console of the moment.
        frame_count: gives the number of frames run.
        log: takes a line for the Lua console.
    """

    def registers(function: str) -> Mapping[str, int]:
        try:
            return core().registers()
        except CoreError:
            log(f"Error: this core does not yet implement {function}()")
            return {}

    def get_register(name: str) -> int:
        value = registers("GetCpuFlagsAndRegisters").get(name, 0)
        return value - (1 << 32) if value >> 31 else value

    functions = marshaller.library(
        "emu",
        {
            "framecount": frame_count,
            "getregister": get_register,
            "getregisters": lambda: dict(registers("GetCpuFlagsAndRegisters")),
            "getsystemid": lambda: GBA.system if core().rom_hash else "NULL",
            "getluacore": lambda: "NLua+Lua",
        },
    )
    return {
        **functions,
        b"frameadvance": machine.yielding("frameadvance"),
        b"yield": machine.yielding("yield"),
    }
