"""BizHawk's `client` library, as far as a script without windows needs it.

Source: `ClientLuaLibrary.cs`.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from lua.headless.flavours import Flavour
from lua.headless.marshalling import Marshaller, NetObject

__all__ = ["Client", "Config", "client_functions"]


class Client(Protocol):
    """The emulator as the library shows it."""

    flavour: Flavour
    exit_requested: bool
    turbo: bool
    skipped_frames: int

    @property
    def script_folder(self) -> Path:
        """Folder from which relative paths of screenshots start."""
        ...

    def take_screenshot(self) -> bytes:
        """Return the current picture as a PNG."""
        ...

    def sleep(self, seconds: float) -> None:
        """Stand still for so many seconds.

        Unlike BizHawk's it raises where the emulator has been asked to end: a script that waits would never let it.
        """
        ...


class Config(NetObject):
    """BizHawk's settings (`Config.cs`), as far as a script has use for them.

    Args:
        skipped_frames: frames that are not drawn after each that is. Out of the box BizHawk skips only where the
            machine is too slow.
    """

    members = ("FrameSkip", "AutoMinimizeSkipping")

    def __init__(self, skipped_frames: int) -> None:
        self.FrameSkip = skipped_frames or 4
        self.AutoMinimizeSkipping = not skipped_frames


def client_functions(marshaller: Marshaller, client: Client) -> dict[bytes, Callable[..., object]]:
    """Return the library's functions as Lua gets them.

    Args:
        marshaller: wraps them.
        client: the emulator; asked to end after this frame by `client.exit()`.
    """

    def screenshot(path: str) -> None:
        file = client.script_folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(client.take_screenshot())

    def request_exit() -> None:
        client.exit_requested = True

    return marshaller.library(
        "client",
        {
            "getversion": lambda: client.flavour,
            "getconfig": lambda: Config(client.skipped_frames),
            "isturbo": lambda: client.turbo,
            "get_lua_engine": lambda: "NLua+Lua",
            "screenshot": screenshot,
            "ispaused": lambda: False,
            "exit": request_exit,
            "sleep": lambda milliseconds: client.sleep(milliseconds / 1000),
        },
    )
