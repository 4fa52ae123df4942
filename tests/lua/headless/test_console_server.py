"""Commands to a console that another process plays."""

from typing import Any

import pytest

from lua.headless.console_server import play_command
from lua.headless.libretro_core import LibretroCore
from protocol.console import GBA
from protocol.errors import CoreError

IWRAM = GBA.regions[0]
KEYS = (IWRAM.base + 4, 2)
"""The place of the buttons in the tiny game, 0 where pressed."""


def play(console: LibretroCore, **given: Any) -> dict[str, Any]:
    command = {"origin": "here", "writes": [], "pressed": [], "images": [], "states": [], "regions": [KEYS], **given}
    return play_command(console, command)


def test_buttons_are_held_frame_by_frame(console: LibretroCore) -> None:
    pressed = [GBA.parse_combination("A")] * 3 + [GBA.parse_combination("Left+B")] * 3
    played = play(console, origin="power_on", pressed=pressed, images=[0, 3, 6])
    assert [int.from_bytes(image, "little") for image in played["images"]] == [0, 0x3FF & ~1, 0x3FF & ~(1 << 5 | 2)]


def test_a_savestate_is_played_from_again_with_another_value(console: LibretroCore) -> None:
    regions = [(IWRAM.base, 4)]
    first = play(console, origin="power_on", pressed=[0] * 6, images=[6], states=[3], regions=regions)
    (state,) = first["states"]
    again = play(console, origin=state, pressed=[0] * 3, images=[3], regions=regions)
    assert again["images"] == first["images"]
    write = [(IWRAM.base + 0x100, b"\x2a\x00")]
    poked = play(console, origin=state, writes=write, pressed=[0], images=[0, 1], regions=[(IWRAM.base + 0x100, 2)])
    assert poked["images"] == [b"\x2a\x00"] * 2


def test_what_is_no_work_memory_is_refused(console: LibretroCore) -> None:
    for address, size in ((0x0800_0000, 4), (IWRAM.base + IWRAM.size - 2, 4)):
        with pytest.raises(CoreError, match=f"no work memory of {size} bytes at {address:08X}"):
            play(console, images=[0], regions=[(address, size)])
    with pytest.raises(CoreError, match="does not take this savestate"):
        play(console, origin=b"no state")
