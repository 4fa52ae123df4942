"""Estimated time of each of BizHawk's functions, by which the calls of a script are weighed. Pure.

Calls are not equal: a hash of 50 KiB costs five hundred times a frame count. The figures marked *seen* were measured
with NLua on Mono, inside the releases' own assemblies; another machine is faster or slower by one factor. What was not
seen is estimated from what it resembles, rather too dear than too cheap.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from lua.headless.flavours import Flavour

__all__ = ["Weight", "weight_of"]


@dataclass(frozen=True, slots=True)
class Weight:
    """Microseconds of one function.

    Args:
        call: of each call.
        element: of each table element that crosses, in either direction.
        byte: of each byte that is hashed, sent or crosses in a binary string.
    """

    call: float
    element: float = 0.0
    byte: float = 0.0


_PICTURE = 1_750.0
"""Seen: 1,600 to 1,900, nearly all of it the PNG's compression; once a frame set, whoever asks for it."""

_BUTTONS = Weight(17.0)
"""Seen: 17 with all of its 15 elements."""

_WORD = Weight(1.8)
"""Seen: 1.8; 2.1 from the System Bus, which is not told apart here."""

_TABLE = Weight(5.0, element=0.11)
"""Seen: 449 for 4 KiB, 0.11 an element. How much of it is the call is estimated: a read and a new table."""

_SEND = Weight(5.0, byte=0.0035)
"""Seen: 8.5 for 1 KiB. How much of it is the call is estimated from that of `socketServerResponse`."""

_WEIGHTS: Mapping[str, Weight] = {
    "emu.framecount": Weight(1.2),  # seen
    "emu.getregister": Weight(7.0),  # seen
    "joypad.get": _BUTTONS,
    "joypad.getwithmovie": _BUTTONS,
    "joypad.getimmediate": _BUTTONS,
    "memory.hash_region": Weight(9.5, byte=0.012),  # seen: 9 to 11, and 12 ns a byte; 11.5 in all for 256 bytes
    "memory.read_bytes_as_array": _TABLE,
    "memory.read_bytes_as_dict": _TABLE,
    "memory.readbyterange": _TABLE,
    "memory.read_bytes_as_binary_string": Weight(5.0, byte=0.001),  # estimated: two bulk copies
    "comm.socketServerSend": _SEND,
    "comm.socketServerSendBytes": Weight(5.0, element=0.11, byte=0.0035),  # estimated: a table read and a send
    "comm.socketServerResponse": Weight(4.7),  # seen, of a reply that has come
    "comm.socketServerScreenShot": Weight(_PICTURE),
    "comm.socketServerScreenShotResponse": Weight(_PICTURE + 4.7),
    "client.screenshot": Weight(_PICTURE),
    "input.get": Weight(10.0, element=0.5),  # estimated: a table and the names of the keys held
    "gui.text": Weight(20.0),  # estimated
    "console.log": Weight(100.0),  # estimated: a text box grows
}

_READ = ("memory.read_u", "memory.read_s", "memory.readbyte", "memory.readfloat")

_OTHER = Weight(3.0)
"""Of any other function: a few arguments, and a number or a short text back. Such calls were seen at 1.2 to 2."""

_FLAVOURED: Mapping[Flavour, Mapping[str, Weight]] = {
    "2.10": dict.fromkeys(("joypad.get", "joypad.getwithmovie", "joypad.getimmediate"), Weight(23.0)),  # seen
}


def weight_of(name: str, flavour: Flavour) -> Weight:
    """Look a function up.

    Args:
        name: library and function, `memory.read_u32_le`.
        flavour: the BizHawk that is imitated.
    """
    weights = {**_WEIGHTS, **_FLAVOURED.get(flavour, {})}
    return weights.get(name, _WORD if name.startswith(_READ) else _OTHER)
