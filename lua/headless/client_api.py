"""BizHawk's `client` library, as far as a script without windows has use for it. Source: `ClientLuaLibrary.cs`."""

from collections.abc import Callable
from pathlib import Path

from lua.headless.border import Border
from lua.headless.flavours import Flavour

__all__ = ["client_functions"]


def client_functions(
    border: Border,
    flavour: Flavour,
    folder: Callable[[], Path],
    take_screenshot: Callable[[], bytes],
    request_exit: Callable[[], None],
    sleep: Callable[[float], None],
) -> dict[bytes, Callable[..., object]]:
    """Give the library's functions as Lua gets them.

    Args:
        border: what they cross.
        flavour: the version that `getversion` gives.
        folder: says where relative paths of screenshots start: the script's folder.
        take_screenshot: gives the current picture as a PNG.
        request_exit: asks the emulator to end after this frame.
        sleep: stands still for so many seconds. Unlike BizHawk's it raises where the emulator has been asked to end: a
            script that waits would never let it.
    """

    def screenshot(path: str) -> None:
        file = folder() / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(take_screenshot())

    return border.library(
        "client",
        {
            "getversion": lambda: flavour,
            "get_lua_engine": lambda: "NLua+Lua",
            "screenshot": screenshot,
            "ispaused": lambda: False,
            "exit": request_exit,
            "sleep": lambda milliseconds: sleep(milliseconds / 1000),
        },
    )
