"""The script's modules under real Lua 5.4, one by one: a fresh state with the script's folder on its path."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from lupa import lua54

__all__ = ["SCRIPT_FOLDER", "Machine", "from_lua"]

SCRIPT_FOLDER = Path(__file__).parents[2] / "lua"


class Machine:
    """A Lua state. Lua strings are bytes in Python, both ways; text goes in as UTF-8."""

    def __init__(self) -> None:
        self._runtime = lua54.LuaRuntime(
            encoding=None, unpack_returned_tuples=True, register_eval=False, register_builtins=False
        )
        self.execute("package.path = ... .. '/?.lua'", SCRIPT_FOLDER.as_posix())

    def execute(self, code: str, *arguments: Any) -> Any:
        """Run a chunk with arguments, and give what it returns."""
        return self._runtime.compile(code.encode())(*map(self.to_lua, arguments))

    def require(self, name: str) -> Any:
        """Load one of the script's modules."""
        return self.execute("return (require(...))", name)

    def to_lua(self, value: Any) -> Any:
        """Make a Lua value of plain Python data; anything else crosses as it is."""
        match value:
            case str():
                return value.encode()
            case Mapping():
                return self._runtime.table_from({self.to_lua(key): self.to_lua(item) for key, item in value.items()})
            case list() | tuple():
                return self._runtime.table_from([self.to_lua(item) for item in value])
        return value


def from_lua(value: Any) -> Any:
    """Make plain Python data of a Lua value: text as `str` where it is UTF-8, sequences as lists."""
    if isinstance(value, bytes):
        try:
            return value.decode()
        except UnicodeDecodeError:
            return value
    if lua54.lua_type(value) == "table":
        items = {from_lua(key): from_lua(item) for key, item in value.items()}
        if items and list(items) == list(range(1, len(items) + 1)):
            return list(items.values())
        return items
    if isinstance(value, Sequence):
        return tuple(from_lua(item) for item in value)
    return value
