"""The armour against the specification's two lines of Python."""

from hypothesis import given
from hypothesis import strategies as st

from tests.lua.machine import Machine

MODULE = Machine().require("wire.armour")


@given(st.binary())
def test_armour_is_that_of_the_specification(data: bytes) -> None:
    payload = MODULE[b"armour"](data)
    assert payload == data.decode("latin-1").encode("utf-8")
    assert MODULE[b"unarmour"](payload) == data


def test_every_byte_survives_what_bizhawk_does_to_text() -> None:
    every = bytes(range(256))
    payload = MODULE[b"armour"](every)
    assert payload.decode("utf-8").encode("utf-8") == payload
    assert max(payload) <= 0xC3


@given(st.binary(), st.binary())
def test_parts_may_be_armoured_apart(a: bytes, b: bytes) -> None:
    armour = MODULE[b"armour"]
    assert armour(a + b) == armour(a) + armour(b)
