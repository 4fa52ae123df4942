"""BizHawk's small libraries: `gameinfo`, `input`, `gui` and `userdata`.

Sources: `GameInfoLuaLibrary.cs`, `InputLuaLibrary.cs`, `GuiLuaLibrary.cs`, `UserDataLuaLibrary.cs`.
"""

from collections.abc import Callable, MutableMapping

from lua.headless.core import Core
from lua.headless.marshalling import Marshaller
from protocol.errors import SettingsError

__all__ = ["Screen", "gameinfo_functions", "input_functions", "parse_userdata", "userdata_functions"]

LuaLibrary = dict[bytes, Callable[..., object]]


def gameinfo_functions(marshaller: Marshaller, core: Callable[[], Core]) -> LuaLibrary:
    """Return the `gameinfo` library. Games are named after their files, underscores as spaces."""
    return marshaller.library(
        "gameinfo",
        {
            "getromname": lambda: core().rom_name.replace("_", " "),
            "getromhash": lambda: core().rom_hash,
            "indatabase": lambda: False,
            "getstatus": lambda: "NotInDatabase",
        },
    )


def input_functions(marshaller: Marshaller, keys_down: set[str]) -> LuaLibrary:
    """Return the `input` library: the host's keyboard.

    Args:
        marshaller: wraps its functions.
        keys_down: names of the keys held now, as BizHawk spells them (`Number1`, `F5`, `X`); changed from outside.
    """
    return marshaller.library("input", {"get": lambda: dict.fromkeys(sorted(keys_down), True)})


def userdata_functions(marshaller: Marshaller, bag: MutableMapping[str, object]) -> LuaLibrary:
    """Return the `userdata` library.

    Args:
        marshaller: wraps its functions.
        bag: keys and values, as given with `--userdata`; changed by the script.
    """

    def get(key: str) -> object:
        return bag.get(key)

    return marshaller.library(
        "userdata",
        {
            "get": get,
            "set": bag.__setitem__,
            "remove": lambda key: bag.pop(key, None) is not None,
            "clear": bag.clear,
            "containskey": lambda key: key in bag,
        },
    )


def parse_userdata(text: str) -> dict[str, object]:
    """Read what BizHawk takes with `--userdata`: pairs `key:value` joined by `;`.

    `true` and `false` are booleans, numbers are numbers, all else is text. A value cannot hold a colon.

    Raises:
        SettingsError: a pair is none.
    """
    bag: dict[str, object] = {}
    for pair in text.split(";"):
        key, *values = pair.split(":")
        if len(values) != 1:
            raise SettingsError(f"{pair!r} is not a pair `key:value`: give userdata as `k1:v1;k2:v2`.")
        bag[key] = _typed(values[0])
    return bag


def _typed(value: str) -> object:
    if value in {"true", "false"}:
        return value == "true"
    for number in (int, float):
        try:
            return number(value)
        except ValueError:
            continue
    return value


class Screen:
    """Drawings of scripts, kept as text, never painted: BizHawk's screenshots lack them too.

    Attributes:
        texts: what is drawn on the current frame, by position; a frame's drawing lasts for that frame.
        messages: all on-screen messages so far.
    """

    def __init__(self) -> None:
        self.texts: dict[tuple[int, int], str] = {}
        self.messages: list[str] = []

    def functions(self, marshaller: Marshaller) -> LuaLibrary:
        """Return the `gui` library."""

        def text(x: float, y: float, message: object, _colour: object = None, _anchor: object = None) -> None:
            self.texts[int(x), int(y)] = str(message)

        return marshaller.library(
            "gui",
            {
                "text": text,
                "addmessage": lambda message: self.messages.append(str(message)),
                "cleartext": self.texts.clear,
                "clearGraphics": lambda _surface=None: None,
            },
        )
