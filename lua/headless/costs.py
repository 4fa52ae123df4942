"""Cost of a script per frame, counted and weighed where it calls BizHawk. Pure.

Calls, table elements and bytes are counted as they are. Weighed with the time that each takes in BizHawk they give an
estimate in microseconds, which does not depend on this machine nor on how long the stand-in itself takes. The time of
the Lua interpreter is not in it; a clock can separate that from the time of the calls.

Calls are not equal: a hash of 50 KiB costs five hundred times a frame count. The weights marked *seen* were measured
with NLua on Mono, inside the releases' own assemblies; another machine is faster or slower by one factor. What was not
seen is estimated from what it resembles, rather too high than too low.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from lua.headless.flavours import Flavour

__all__ = ["CostSummary", "Costs", "Distribution", "Weight", "weight_of"]


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
"""Seen: 1,600 to 1,900, nearly all of it the PNG's compression; once a frame set."""

_BUTTONS = Weight(17.0)
"""Seen: 17 with all of its 15 elements."""

_WORD = Weight(1.8)
"""Seen: 1.8; 2.1 from the System Bus, which is not distinguished here."""

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


@dataclass(frozen=True, slots=True)
class Distribution:
    """One kind of cost over the frames of a run."""

    median: float
    p99: float
    maximum: float
    total: float


@dataclass(frozen=True, slots=True)
class CostSummary:
    """Costs per frame of a run; what the script did before its first frame is not in them."""

    frames: int
    """Frames counted."""
    calls: Distribution
    """Calls from Lua into BizHawk."""
    elements: Distribution
    """Elements of tables that crossed, in either direction."""
    copied: Distribution
    """Bytes that crossed inside binary strings."""
    sent: Distribution
    """Bytes handed to the comm socket, screenshots included."""
    weighed: Distribution
    """Milliseconds that the calls would take in BizHawk, estimated."""
    startup_calls: int
    """Calls before the first frame."""


class Costs:
    """Running counters; `end_frame` closes a frame's account.

    Args:
        clock: counts nanoseconds; None to leave time alone.

    Attributes:
        hashed: bytes hashed on BizHawk's side.
        microseconds: estimate of the calls' time in BizHawk.
        nanoseconds: time that the stand-in's side of the calls took, by the clock, over all frames.
    """

    def __init__(self, clock: Callable[[], int] | None = None) -> None:
        self.nanoseconds = 0
        self._clock = clock
        self._startup_calls = 0
        self._frames: list[tuple[int, int, int, int]] = []
        self._weighed: list[float] = []
        self._clear()

    @property
    def handled(self) -> int:
        """Bytes copied, sent and hashed so far in this frame."""
        return self.copied + self.sent + self.hashed

    def timed(self, function: Callable[..., object]) -> Callable[..., object]:
        """Wrap a function so that its time counts, if there is a clock."""
        clock = self._clock
        if clock is None:
            return function

        def call(*args: object) -> object:
            began = clock()
            try:
                return function(*args)
            finally:
                self.nanoseconds += clock() - began

        return call

    @property
    def last_frame(self) -> tuple[int, int, int, int]:
        """Calls, elements, bytes copied and bytes sent in the last frame; zeros before the first."""
        return self._frames[-1] if self._frames else (0, 0, 0, 0)

    @property
    def last_weighed(self) -> float:
        """Milliseconds that the calls of the last frame would take in BizHawk; 0 before the first."""
        return self._weighed[-1] if self._weighed else 0.0

    def end_startup(self) -> None:
        """Close the account of what a script did when it was loaded."""
        self._startup_calls += self.calls
        self._clear()

    def end_frame(self) -> None:
        """Close the account of a frame."""
        self._frames.append((self.calls, self.elements, self.copied, self.sent))
        self._weighed.append(self.microseconds / 1000)
        self._clear()

    def summary(self) -> CostSummary:
        """Sum up all frames so far."""
        table = np.array(self._frames, dtype=np.int64).reshape(-1, 4)
        calls, elements, copied, sent = (_distribution(column.tolist()) for column in table.T)
        weighed = _distribution(self._weighed)
        return CostSummary(len(table), calls, elements, copied, sent, weighed, self._startup_calls)

    def _clear(self) -> None:
        self.calls = self.elements = self.copied = self.sent = self.hashed = 0
        self.microseconds = 0.0


def _distribution(values: Sequence[float]) -> Distribution:
    if not values:
        return Distribution(0.0, 0.0, 0, 0)
    median, p99 = np.percentile(values, (50, 99))
    return Distribution(float(median), float(p99), max(values), sum(values))
