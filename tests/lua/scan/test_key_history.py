"""The last combinations of buttons."""

from tests.lua.machine import Machine


def test_combinations_as_the_original_writes_them(lua: Machine) -> None:
    keys = lua.require("scan.key_history")[b"new"]()

    def press(bits: int) -> tuple[bytes, bytes]:
        combination, history = keys[b"press"](keys, bits)
        return combination, history

    assert press(0) == (b"None", b"None")
    assert press(0) == (b"None", b"None")
    assert press(0b10001) == (b"A+Right", b"None | A+Right")
    for bits in (1, 2, 4):
        press(bits)
    assert press(0) == (b"None", b"A+Right | A | B | Select | None")
