"""Buttons as bits, and the last combinations."""

from hypothesis import given
from hypothesis import strategies as st

from protocol.console import GBA
from tests.lua.machine import Machine

LUA = Machine()
MODULE = LUA.require("scan.buttons")


@given(st.sets(st.sampled_from(GBA.buttons)))
def test_each_button_has_its_bit(pressed: set[str]) -> None:
    joypad = {name: name in pressed for name in GBA.buttons} | {"Power": True, "Tilt X": 0}
    assert MODULE[b"bits"](LUA.to_lua(joypad)) == sum(1 << GBA.buttons.index(name) for name in pressed)


def test_combinations_as_the_original_writes_them(lua: Machine) -> None:
    keys = lua.require("scan.buttons")[b"new_history"]()

    def press(bits: int) -> tuple[bytes, bytes]:
        combination, history = keys[b"add"](keys, bits)
        return combination, history

    assert press(0) == (b"None", b"None")
    assert press(0) == (b"None", b"None")
    assert press(0b10001) == (b"A+Right", b"None | A+Right")
    for bits in (1, 2, 4):
        press(bits)
    assert press(0) == (b"None", b"A+Right | A | B | Select | None")
