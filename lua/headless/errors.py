"""Errors of the stand-in emulator, in a player's words.

A missing or broken ROM, core or input file is `RomError`, `CoreError` or `InputFileError` of `protocol.errors`.

::

    UserError
    ├── ScriptError        the Lua script is missing or does not compile
    └── NobodyListensError nobody listens where the emulator is to connect
    GbatraceError
    └── FrozenError        EmuHawk would stand still for ever here
"""

from protocol.errors import GbatraceError, UserError

__all__ = ["FrozenError", "NobodyListensError", "ScriptError"]


class ScriptError(UserError):
    """The Lua script is missing or does not compile."""


class NobodyListensError(UserError):
    """Nobody listens where the emulator is to connect: BizHawk does not start either."""

    def __init__(self, host: str, port: int) -> None:
        self.host, self.port = host, port
        super().__init__(host, port)

    def __str__(self) -> str:
        return f"Nobody listens on {self.host}:{self.port}: start the daemon first, with `gbatrace serve`."


class FrozenError(GbatraceError):
    """EmuHawk would stand still for ever here.

    The daemon closed the connection gracefully while the script was reading: BizHawk's read loop then gets zero bytes
    for ever.
    """

    def __init__(self) -> None:
        super().__init__(
            "EmuHawk would freeze here: the connection was closed gracefully while the script was reading a reply."
        )
