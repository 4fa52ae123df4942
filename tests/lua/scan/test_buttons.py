"""Console buttons as bits."""

from hypothesis import given
from hypothesis import strategies as st

from protocol.console import GBA
from tests.lua.machine import Machine, from_lua

LUA = Machine()
MODULE = LUA.require("scan.buttons")


def test_the_order_is_that_of_the_console() -> None:
    assert from_lua(MODULE[b"NAMES"]) == list(GBA.buttons)


@given(st.sets(st.sampled_from(GBA.buttons)))
def test_each_button_has_its_bit(pressed: set[str]) -> None:
    joypad = {name: name in pressed for name in GBA.buttons} | {"Power": True, "Tilt X": 0}
    assert MODULE[b"bits"](LUA.to_lua(joypad)) == sum(1 << GBA.buttons.index(name) for name in pressed)
