from dataclasses import replace

from daemon.exporting.buttons import Buttons
from protocol.console import GBA
from tests.daemon.exporting.recordings import frame_sets


def test_a_combination_is_a_bit_set_in_the_order_of_keyinput() -> None:
    buttons = Buttons()
    assert buttons.bits("") == 0
    assert buttons.bits("A+Right") == 1 << 0 | 1 << 4
    assert buttons.names == GBA.buttons


def test_further_buttons_of_a_session_get_places_behind_the_consoles() -> None:
    assert Buttons([("A", "Turbo"), ("B",)]).names == (*GBA.buttons, "Turbo")


def test_a_name_without_a_place_is_remembered_not_invented() -> None:
    buttons = Buttons()
    assert buttons.bits("A+Lid") == 1
    assert buttons.unknown == {"Lid"}


def test_held_buttons_are_listed_frame_by_frame() -> None:
    sets = list(frame_sets(3))
    held = Buttons().held(sets, 5)
    assert held.shape == (3, 5, 10)
    assert not held[0].any()
    assert held[1, :, 0].all()
    assert held[2].sum(axis=0).tolist() == [5, 0, 0, 0, 5, 0, 0, 0, 0, 0]


def test_a_short_set_repeats_its_last_frame_and_a_long_one_is_trimmed() -> None:
    item = next(frame_sets(1, first=1))
    short = replace(item, frames=item.frames[:2])
    assert Buttons().held([short], 5)[0, :, 0].tolist() == [True] * 5
    assert Buttons().held([item], 3).shape == (1, 3, 10)
