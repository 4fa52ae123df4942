import numpy as np

from daemon.exporting.buttons import Buttons
from protocol.console import GBA


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


def test_flags_have_a_column_for_each_button() -> None:
    flags = Buttons().flags(np.array([[0, 1 << 0 | 1 << 4]], np.uint32))
    assert flags.shape == (1, 2, 10)
    assert flags[0].sum(1).tolist() == [0, 2]
    assert flags[0, 1].nonzero()[0].tolist() == [0, 4]


def test_a_bit_set_is_named_as_it_was_read() -> None:
    buttons = Buttons()
    assert [buttons.combination(buttons.bits(text)) for text in ("", "A+Right")] == ["", "A+Right"]
