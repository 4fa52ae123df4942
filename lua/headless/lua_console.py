"""BizHawk's Lua console: the window that scripts and BizHawk itself write to.

Sources: `ConsoleLuaLibrary.cs`, `LuaConsole.cs`.
"""

from collections.abc import Callable

from lua.headless.marshalling import Marshaller, net_text

__all__ = ["LuaConsole"]

_MESSAGES = 100
"""Messages shown between two turns of the scripts; more are suppressed (`LuaConsole.MaxCount`)."""

_FLOOD = "\nFlood warning! Message cap reached, suppressing output.\n"


class LuaConsole:
    """Collector of the lines that are written, which passes each one on.

    Args:
        on_line: takes each complete line.

    Attributes:
        lines: all lines so far; `console.clear` empties it.
    """

    def __init__(self, on_line: Callable[[str], None] | None = None) -> None:
        self.lines: list[str] = []
        self._on_line = on_line
        self._open_line = ""
        self._messages = 0

    def log(self, message: str) -> None:
        """Write a line of BizHawk's own."""
        self.write(message + "\n")

    def write(self, message: str) -> None:
        """Write text, which may hold line ends or none. Floods are cut off."""
        self._messages += 1
        if self._messages > _MESSAGES:
            return
        if self._messages == _MESSAGES:
            message += _FLOOD
        *lines, self._open_line = (self._open_line + message).split("\n")
        self.lines += lines
        if self._on_line:
            for line in lines:
                self._on_line(line)

    def end_turn(self) -> None:
        """Count messages afresh; BizHawk does so each time that it has resumed the scripts."""
        self._messages = 0

    def functions(self, marshaller: Marshaller) -> dict[bytes, Callable[..., object]]:
        """Return the `console` library as Lua gets it; `log` serves as `print`, too."""
        return marshaller.library(
            "console",
            {
                "log": lambda *values: self.write(_joined(values, "\t", "\n")),
                "writeline": lambda *values: self.write(_joined(values, "\n", "\n")),
                "write": lambda *values: self.write(_joined(values, "", "")),
                "clear": self.lines.clear,
            },
        )


def _joined(values: tuple[object, ...], separator: str, end: str) -> str:
    if values in {(), (None,)}:
        return f"(no return){end}"
    return separator.join(_net_string(value) for value in values) + end


def _net_string(value: object) -> str:
    match value:
        case None:
            return "nil"
        case bool():
            return str(value)
        case bytes():
            return net_text(value)
        case float() if value.is_integer() and abs(value) < 1e15:
            return str(int(value))
        case str() | int() | float():
            return str(value)
    items = getattr(value, "items", None)
    if items is None:
        return str(value)
    return "".join(sorted(f'"{_net_string(key)}": "{_net_string(item)}"\n' for key, item in items()))
