"""Consoles that can be traced: memory, buttons, screen and speed of each, described once.

HELLO and a session's metadata name its system, regions and buttons, and come first. The description here is used where
they do not, as with logs of the original tool, and for everything that no session holds.
"""

from dataclasses import dataclass

__all__ = ["GBA", "NO_KEYS", "Console", "ConsoleRegion"]

NO_KEYS = "None"
"""The combination of no buttons, as the original tool writes it."""


@dataclass(frozen=True, slots=True)
class ConsoleRegion:
    """A block of a console's work memory.

    Args:
        name: its name in recordings, `iwram`.
        domain: BizHawk's name of the memory domain that is this block.
        base: bus address of its first byte.
        size: bytes.
    """

    name: str
    domain: str
    base: int
    size: int

    def holds(self, address: int, size: int = 1) -> bool:
        """Return whether all bytes of a variable at a bus address lie in it."""
        return self.base <= address <= self.base + self.size - size


@dataclass(frozen=True, slots=True)
class Console:
    """A console.

    Args:
        name: its name in sentences.
        system: BizHawk's id of it, as in HELLO.
        regions: the work memory that is traced by default, in the order of the original tool.
        buttons: bit *i* of a bit set is `buttons[i]`; the names are BizHawk's.
        width: of the screen, pixels.
        height: of the screen, pixels.
        clock: of the processor, Hz.
        frame_cycles: cycles of the clock between two frames.
        pc_register: BizHawk's name of the register that is the program counter.
    """

    name: str
    system: str
    regions: tuple[ConsoleRegion, ...]
    buttons: tuple[str, ...]
    width: int
    height: int
    clock: int
    frame_cycles: int
    pc_register: str

    @property
    def frames_per_second(self) -> float:
        """Frames that the console draws in a second."""
        return self.clock / self.frame_cycles

    def region_at(self, address: int, size: int = 1) -> ConsoleRegion | None:
        """Return the region in which all bytes of a variable lie, None where there is none.

        Args:
            address: on the bus.
            size: its bytes.
        """
        return next((region for region in self.regions if region.holds(address, size)), None)

    def combination(self, pressed: int) -> str:
        """Write a bit set of buttons as a combination: names joined by `+`, or `None`."""
        return "+".join(name for bit, name in enumerate(self.buttons) if pressed >> bit & 1) or NO_KEYS

    def parse_combination(self, text: str) -> int:
        """Read a combination such as `A+Right`, or `None`, into a bit set.

        Raises:
            ValueError: a part is not the name of a button; the message names it.
        """
        if text == NO_KEYS:
            return 0
        pressed = 0
        for name in text.split("+"):
            if name not in self.buttons:
                raise ValueError(f"{name!r} is not a button; the buttons are {', '.join(self.buttons)}, and {NO_KEYS}")
            pressed |= 1 << self.buttons.index(name)
        return pressed


GBA = Console(
    name="Game Boy Advance",
    system="GBA",
    regions=(
        ConsoleRegion("iwram", "IWRAM", 0x0300_0000, 0x8000),
        ConsoleRegion("ewram", "EWRAM", 0x0200_0000, 0x4_0000),
    ),
    buttons=("A", "B", "Select", "Start", "Right", "Left", "Up", "Down", "R", "L"),
    width=240,
    height=160,
    clock=16_777_216,
    frame_cycles=280_896,
    pc_register="R15",
)
"""Memory map, LCD timings and the order of the buttons in the register KEYINPUT (4000130h, inverted there): GBATEK."""
