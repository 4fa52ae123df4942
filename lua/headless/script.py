"""Lua script under real Lua 5.4, run as BizHawk does.

Sources: `LuaLibraries.cs`, `LuaConsole.cs`. The script's text is loaded under the name "main" and runs as a coroutine.
It is resumed before each frame if it called `emu.yield`, and after each frame in any case. **When its main chunk
returns, the script has ended for BizHawk**: the exit event is fired at once, and callbacks that are still registered
live on, but no longer in the script's folder. A script that wants to stay runs a loop around `emu.frameadvance`.

lupa ships without a type marker; its classes are untyped to us and named in this file only.
"""

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from lupa import lua54

from lua.headless.errors import ScriptError
from lua.headless.marshalling import LuaTable, NetError, read_member
from protocol.wording import sentence

__all__ = ["Library", "LuaMachine", "Script", "describe_error"]

Library = Mapping[bytes, object]
"""Functions of one of BizHawk's libraries, by name."""

_PRELUDE = Path(__file__).with_name("prelude.lua")


class LuaMachine:
    """Lua state with BizHawk's environment. Strings cross as bytes, both ways.

    Args:
        lua_folder: BizHawk's own `Lua` folder, in which `require` looks before the script's; None for an empty one.
    """

    def __init__(self, lua_folder: Path | None = None) -> None:
        self._runtime = lua54.LuaRuntime(
            encoding=None,
            unpack_returned_tuples=True,
            register_eval=False,
            register_builtins=False,
            attribute_filter=read_member,
        )
        self._prelude = self._runtime.compile(_PRELUDE.read_bytes(), name="prelude")()
        if lua_folder:
            self._prelude[b"look_first_in"](_system_path(lua_folder.resolve()))
        # lupa's objects point into the coroutine that they were made in: Lua must not collect it while they live.
        self._coroutines: list[Any] = []

    def make_table(self, content: object) -> LuaTable:
        """Make a table of a mapping, or a 1-indexed one of a sequence."""
        table: LuaTable = self._runtime.table_from(content)
        return table

    def install(self, name: str, library: Library) -> None:
        """Make a library a global table."""
        self._runtime.globals()[name.encode()] = self.make_table(library)

    def install_function(self, name: str, function: object) -> None:
        """Make a function a global."""
        self._runtime.globals()[name.encode()] = function

    def yielding(self, reason: str) -> object:
        """Make a function, userdata to the script, that yields the script's coroutine for a reason."""
        return self._prelude[b"yielding"](_Token(), reason.encode())

    def close(self) -> None:
        """Free the Lua state: it holds what was installed, which holds this machine."""
        if self._runtime is None:
            return
        # Errors that functions raised are kept, by lupa the last one, by Lua all that it has not collected; each holds
        # the frames that were on the stack: a circle through the Lua state, whose collection the interpreter does not
        # survive. Another error takes the place of the last one, Lua collects the rest.
        run = self._runtime.globals()
        run[b"pcall"](_fail)
        run[b"collectgarbage"]()
        del run
        self._coroutines.clear()
        self._runtime = self._prelude = None

    def enter(self, folder: Path | None) -> None:
        """Let relative paths start from a folder, or from the process's current directory."""
        self._prelude[b"enter"](_system_path(folder) if folder else b"")

    def load(self, text: bytes) -> Any:
        """Compile a script's text under the name "main"; returns a coroutine that has not begun.

        Raises:
            ScriptError: it does not compile.
        """
        try:
            main = self._runtime.compile(text, name="main")
        except lua54.LuaSyntaxError as error:
            raise ScriptError(sentence(f"The Lua script does not compile: {describe_error(error)}")) from error
        coroutine = self._prelude[b"failing_with_text"](main).coroutine()
        self._coroutines.append(coroutine)
        return coroutine


class Script:
    """A running script.

    Args:
        machine: where it runs.
        path: its file.

    Raises:
        ScriptError: the file is missing or does not compile.

    Attributes:
        running: False once its main chunk has returned, raised, or was stopped.
    """

    def __init__(self, machine: LuaMachine, path: Path) -> None:
        try:
            text = path.read_bytes()
        except OSError as error:
            raise ScriptError(f"The Lua script {path} cannot be read: {error.strerror}.") from error
        machine.enter(path.resolve().parent)
        self._machine = machine
        self._coroutine = machine.load(text)
        self._waits_for_frame = False
        self.running = True

    def resume(self, *, frame_passed: bool) -> bool:
        """Resume the script if it is its turn; returns whether its main chunk has just returned.

        Raises:
            Exception: what the script raised; it has ended then.
        """
        if not self.running or (self._waits_for_frame and not frame_passed):
            return False
        try:
            reason = self._coroutine.send(None)
        except StopIteration:
            self.stop()
            return True
        except Exception:
            self.stop()
            raise
        self._waits_for_frame = reason == b"frameadvance"
        return False

    def stop(self) -> None:
        """End the script where it stands."""
        self.running = False
        self._coroutine = None

    def detach(self) -> None:
        """Leave the script's folder: what BizHawk does to the callbacks of a script that has ended."""
        self._machine.enter(None)


def _fail() -> None:
    raise RuntimeError


class _Token:
    """An object for Lua to make callable."""


def describe_error(error: Exception) -> str:
    """Describe a script's error without Lua's traceback: NLua does not print one either."""
    if isinstance(error, NetError):
        return error.report
    message = error.args[0] if error.args else ""
    text = message.decode("utf-8", "replace") if isinstance(message, bytes) else str(message)
    return text.partition("\nstack traceback:")[0]


def _system_path(folder: Path) -> bytes:
    # Lua opens files through C, which on Windows takes names in the system's code page.
    path = f"{folder}{os.sep}"
    return path.encode("mbcs", "replace") if sys.platform == "win32" else os.fsencode(path)
