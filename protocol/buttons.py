"""The console's buttons, as a bit set in the order of the GBA's KEYINPUT register.

Source of the order: GBATEK, 4000130h. A set bit means pressed here (the register itself is inverted).
"""

__all__ = ["BUTTONS", "combination", "parse_combination"]

BUTTONS = ("A", "B", "Select", "Start", "Right", "Left", "Up", "Down", "R", "L")
"""Bit *i* of a bit set is `BUTTONS[i]`. The names are BizHawk's."""

_BITS = {name: 1 << bit for bit, name in enumerate(BUTTONS)}


def parse_combination(text: str) -> int:
    """Read a combination such as `A+Right`, or `None`, into a bit set.

    Raises:
        ValueError: a part is not the name of a button; the message names it.
    """
    if text == "None":
        return 0
    pressed = 0
    for name in text.split("+"):
        if name not in _BITS:
            raise ValueError(f"{name!r} is not a button; the buttons are {', '.join(BUTTONS)}, and None")
        pressed |= _BITS[name]
    return pressed


def combination(pressed: int) -> str:
    """Write a bit set as a combination: names joined by `+`, or `None`."""
    return "+".join(name for bit, name in enumerate(BUTTONS) if pressed >> bit & 1) or "None"
