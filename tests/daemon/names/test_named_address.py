from typing import Any

import pytest
from hypothesis import given

from daemon.names.named_address import (
    MAX_EVIDENCE,
    MAX_NAME,
    MAX_NOTE,
    MAX_VALUES,
    NamedAddress,
    Scale,
    Status,
    parse_named_address,
)
from protocol.errors import NamesError
from tests.daemon.names.made import NAMES, name

GIVEN: dict[str, Any] = {"name": "hp", "address": "0200005C", "type": "u16"}


@given(NAMES)
def test_what_is_written_is_read(made: NamedAddress) -> None:
    assert parse_named_address(made.as_map()) == made


def test_what_is_not_given_stays() -> None:
    before = name(note="hit points", values={0: "dead"}, status=Status.CERTAIN)
    after = parse_named_address({"watched": True}, before)
    assert after.watched
    assert (after.note, after.values, after.status, after.address) == (
        "hit points",
        {0: "dead"},
        "certain",
        0x0200_0010,
    )


def test_what_says_nothing_is_not_written() -> None:
    assert name().as_map() == {"name": "hp", "address": 0x0200_0010, "type": "u16", "status": "guess"}
    assert Scale(unit="px").as_map() == {"unit": "px"}


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"name": ""}, "A name is not empty"),
        ({"name": "a\nb"}, "A name holds no control characters"),
        ({"name": "x" * (MAX_NAME + 1)}, "A name holds at most 100 characters"),
        ({"name": "\ud800"}, "A name holds no control characters"),
        ({"address": "xyz"}, "'xyz' is not an address"),
        ({"address": -1}, "is not an address"),
        ({"address": True}, "is not an address"),
        ({"address": "FFFFFFFF"}, "does not fit the bus"),
        ({"type": "u7"}, "'u7' is not a value type; there are u8"),
        ({"type": []}, "is not a value type"),
        ({"scale": {"factor": 0}}, "The factor of a scale is not 0"),
        ({"scale": {"factor": float("nan")}}, "is a number"),
        ({"scale": {"offset": 10**40}}, "is a number"),
        ({"scale": {"colour": 1}}, "an object with factor, offset and unit"),
        ({"values": {"x": "y"}}, "'x' is not the number of a value"),
        ({"values": {str(1 << 33): "y"}}, "is not the number of a value"),
        ({"values": {str(n): "y" for n in range(MAX_VALUES + 1)}}, "at most 1024 meanings"),
        ({"bits": {"16": "y"}}, "hp is u16 and has no bit 16"),
        ({"bits": {"32": "y"}}, "'32' is not the number of a bit"),
        ({"note": "x" * (MAX_NOTE + 1)}, "A note holds at most"),
        ({"status": "sure"}, "'sure' is not a status; there are guess, certain, confirmed"),
        ({"evidence": ["x"] * (MAX_EVIDENCE + 1)}, "at most 32 texts"),
        ({"evidence": "x"}, "a list"),
        ({"watched": 1}, "true or false"),
        ({"colour": "red"}, "A name has no 'colour'; it may have name, address"),
    ],
)
def test_what_is_wrong_is_told(given: dict[str, Any], says: str) -> None:
    with pytest.raises(NamesError, match=says):
        parse_named_address({**GIVEN, **given})


@pytest.mark.parametrize("missing", ["name", "address", "type"])
def test_a_new_name_needs_the_three(missing: str) -> None:
    with pytest.raises(NamesError, match=f"A name needs '{missing}'"):
        parse_named_address({key: value for key, value in GIVEN.items() if key != missing})


def test_a_name_covers_its_bytes() -> None:
    hp = name()
    assert [hp.covers(hp.address + offset) for offset in (-1, 0, 1, 2)] == [False, True, True, False]
    assert hp.covers(hp.address - 3, 4)
