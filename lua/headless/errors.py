"""What can go wrong with the stand-in emulator, in a player's words.

A missing or broken ROM is `protocol.errors.RomError`, a missing or unsuitable core `protocol.errors.CoreError`.

::

    UserError
    ├── ScriptError        the Lua script is missing or does not compile
    ├── InputFileError     a recorded input file has a line that is none
    └── NobodyListensError the emulator was told to connect and nobody was there
    GbatraceError
    └── FrozenError        EmuHawk would stand still for ever here
"""

from pathlib import Path

from protocol.errors import GbatraceError, UserError

__all__ = ["FrozenError", "InputFileError", "NobodyListensError", "ScriptError"]


class ScriptError(UserError):
    """The Lua script is missing or does not compile."""


class InputFileError(UserError):
    """A recorded input file has a line that is none.

    Args:
        path: the file.
        line: the line's number, from 1; 0 for the file as a whole.
        problem: what is wrong, without a full stop.
    """

    def __init__(self, path: Path, line: int, problem: str) -> None:
        self.path, self.line, self.problem = path, line, problem
        super().__init__(path, line, problem)

    def __str__(self) -> str:
        where = f"{self.path}, line {self.line}" if self.line else f"{self.path}"
        return f"{where}: {self.problem}."


class NobodyListensError(UserError):
    """The emulator was told to connect at its start, and nobody listens there: BizHawk does not start either."""

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
