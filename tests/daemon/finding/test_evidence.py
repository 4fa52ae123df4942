"""Texts of evidence: read, written the same again, refused with a sentence."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.finding.evidence import MAX_LABELS, Axis, Direction, Event, Query, Reading, parse_events, parse_readings
from protocol.errors import EvidenceError
from protocol.link.messages import MAX_SET

SETS = st.integers(0, MAX_SET)
VALUES = st.one_of(st.integers(-(10**6), 10**6).map(float), st.integers(-(10**6), 10**6).map(lambda whole: whole / 64))
READINGS = st.builds(Reading, SETS, VALUES, st.booleans())
EVENTS = st.builds(Event, SETS, st.sampled_from(Direction), st.booleans())


@given(READINGS)
def test_a_reading_is_read_as_it_is_written(reading: Reading) -> None:
    assert Reading.parse(str(reading)) == reading


@given(EVENTS)
def test_an_event_is_read_as_it_is_written(event: Event) -> None:
    assert Event.parse(str(event)) == event


@given(st.lists(READINGS, max_size=4, unique=True), st.lists(EVENTS, max_size=4, unique=True), st.booleans())
def test_a_query_is_read_as_it_is_written(readings: list[Reading], events: list[Event], has_more: bool) -> None:
    more: dict[str, Any] = {"axis": Axis("Left", "Right"), "field": "context"} if has_more else {}
    query = Query("hp", tuple(readings), tuple(events), **more)
    assert Query.from_map(query.as_map()) == query


@pytest.mark.parametrize(
    ("text", "reading"),
    [
        ("812=23", Reading(812, 23)),
        (" 812 = -2.5 ", Reading(812, -2.5)),
        ("812=23 LIVE", Reading(812, 23, is_live=True)),
        ("812=+.5 paused", Reading(812, 0.5)),
    ],
)
def test_readings_as_people_write_them(text: str, reading: Reading) -> None:
    assert Reading.parse(text) == reading


@pytest.mark.parametrize(
    ("text", "event"),
    [
        ("down@900", Event(900, Direction.DOWN)),
        ("UP @ 9 live", Event(9, Direction.UP)),
        ("changed@0 paused", Event(0, Direction.CHANGED, is_live=False)),
    ],
)
def test_events_as_people_write_them(text: str, event: Event) -> None:
    assert Event.parse(text) == event


def test_a_text_may_have_several_events() -> None:
    assert parse_events(["down@900, 1033", "up@7"]) == (
        Event(900, Direction.DOWN),
        Event(1033, Direction.DOWN),
        Event(7, Direction.UP),
    )


def test_what_stands_twice_counts_once() -> None:
    assert parse_events(["down@900,900", "down@900"]) == (Event(900, Direction.DOWN),)
    assert parse_readings(["5=1", "5=1", "5=2"]) == (Reading(5, 1), Reading(5, 2))


@pytest.mark.parametrize("text", ["", "812", "=23", "812=", "812=hp", "-1=3", "812=1e3", "812=23 soon", "8 12=3"])
def test_what_is_no_reading_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(EvidenceError, match="such as 812=23"):
        Reading.parse(text)


@pytest.mark.parametrize("text", ["", "down", "900", "left@900", "down@", "down@900,", "down@-1"])
def test_what_is_no_event_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(EvidenceError, match="such as down@900"):
        Event.parse(text)


@pytest.mark.parametrize("text", ["", "Left", "Left/", "Left/Right/Up", "Left+A/Right", "Left Right"])
def test_what_is_no_axis_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(EvidenceError, match="such as Left/Right"):
        Axis.parse(text)


def test_an_axis_has_two_buttons() -> None:
    assert Axis.parse(" Left / Right ") == Axis("Left", "Right")
    with pytest.raises(EvidenceError, match="Left stands twice"):
        Axis.parse("Left/Left")


@pytest.mark.parametrize("text", [f"{MAX_SET + 1}=3", "9999999999=3"])
def test_no_frame_set_has_a_number_that_large(text: str) -> None:
    with pytest.raises(EvidenceError, match="no number of a frame set"):
        Reading.parse(text)


def test_no_value_is_larger_than_memory_can_hold() -> None:
    with pytest.raises(EvidenceError, match="larger than any value"):
        Reading.parse("1=99999999999")
    with pytest.raises(EvidenceError, match="larger than any value"):
        Reading(1, float("nan"))


def test_one_event_is_not_several() -> None:
    with pytest.raises(EvidenceError, match="more than one"):
        Event.parse("down@900,1033")


@pytest.mark.parametrize(
    ("document", "sentence"),
    [
        ({}, "is not empty"),
        ({"name": 3}, "must be a text"),
        ({"name": "hp", "readings": "812=23"}, "must be a list of texts"),
        ({"name": "hp", "events": [900]}, "must be a list of texts"),
        ({"name": "hp", "axis": "Left"}, "no axis"),
        ({"name": "hp", "field": "mood"}, "no field 'mood'"),
        ({"name": "hp", "readings": [f"{number}=1" for number in range(MAX_LABELS + 1)]}, "At most 200 readings"),
    ],
)
def test_a_query_that_is_none_is_refused(document: dict[str, Any], sentence: str) -> None:
    with pytest.raises(EvidenceError, match=sentence):
        Query.from_map(document)


def test_a_query_with_nothing_but_a_name_is_empty() -> None:
    assert Query("hp").is_empty
    assert not Query("hp", (Reading(1, 2),)).is_empty
