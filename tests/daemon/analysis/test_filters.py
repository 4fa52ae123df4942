from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.analysis.filters import (
    Between,
    ChangedBy,
    ChangesWith,
    Compared,
    Comparison,
    Moved,
    Movement,
    OnlyIn,
    OnlyWhile,
    Times,
    filters_text,
    parse_filter,
    parse_filters,
)
from daemon.analysis.moments import ALL, Clock, End, LabelValue, Mark, SetMoment, Stretch
from protocol.errors import FilterError
from tests.daemon.analysis.test_moments import labels, moments, texts

numbers = st.integers(-(2**40), 2**40) | st.floats(allow_nan=False, allow_infinity=False).filter(
    lambda number: not number.is_integer()
)
stretches = st.builds(Stretch, moments, moments)
comparisons = st.sampled_from(Comparison)


def ordered(filters: st.SearchStrategy[Between]) -> st.SearchStrategy[Between]:
    return filters.filter(lambda between: between.low <= between.high)


filters = st.one_of(
    st.builds(Compared, comparisons, numbers | moments, moments),
    ordered(st.builds(Between, numbers, numbers, moments)),
    st.builds(Moved, st.sampled_from(Movement), stretches),
    st.builds(ChangedBy, numbers, stretches),
    st.builds(Times, comparisons, st.integers(0, 2**31), stretches),
    st.builds(OnlyWhile, st.sampled_from(["A", "A+Right", "None", "C Up"]), stretches),
    st.builds(OnlyIn, labels, stretches),
    st.builds(ChangesWith, st.integers(0, 2**32 - 1) | texts, stretches),
)


@given(st.lists(filters, max_size=4))
def test_a_search_is_read_back_as_it_was_written(search: list[Any]) -> None:
    text = filters_text(search)
    assert parse_filters(text) == tuple(search)
    assert filters_text(parse_filters(text)) == text
    assert [parse_filter(str(each)) for each in search] == search


@pytest.mark.parametrize("number", ["9" * 64, "-" + "9" * 63, "0x" + "F" * 62, str(2**64), str(2**64 - 1)])
def test_a_number_that_is_large_is_read_back_as_it_was_written(number: str) -> None:
    found = parse_filter(f"changed by {number}")
    assert parse_filter(str(found)) == found
    assert isinstance(found, ChangedBy)
    assert float(found.by) == float(int(number, 0))


@pytest.mark.parametrize(
    "text",
    [
        "= 7 @ last",
        "!= 7 @ 300",
        "< 10 @ 300",
        "= @300 @ last",
        "> @mark 1 @ 1:12:31.5",
        "between 3 9 @ 300",
        "between -3 1.5 @ first",
        "rose 300..700",
        "fell mark 1..last",
        "changed 12:31.5..13:00",
        "same all",
        "changed by -3 300..700",
        "times >= 4 300..700",
        "only while A+Right all",
        'only in context="the cave; deep" all',
        'only in scene="0." all',
        'same start of scene="Dr."..end of scene=Dr.Who',
        "only in tags=boss 1..2",
        "changes with 0x03000A14 all",
        "changes with party[0].hp all",
        'changes with "03000A14" all',
        'same start of context=battle..end of scene="Fire \\"cave\\"" #3',
    ],
)
def test_each_form_of_the_documents_stays_as_it_is_written(text: str) -> None:
    assert str(parse_filter(text)) == text


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("=7", Compared(Comparison.EQUAL, 7, End.LAST)),
        (" = 0x1F@300 ", Compared(Comparison.EQUAL, 31, SetMoment(300))),
        ("= 7.0", Compared(Comparison.EQUAL, 7, End.LAST)),
        ("between 3 and 9", Between(3, 9, End.LAST)),
        ("Rose", Moved(Movement.ROSE, ALL)),
        ("unchanged 1..2", Moved(Movement.SAME, Stretch(SetMoment(1), SetMoment(2)))),
        ("fell by 3", ChangedBy(-3, ALL)),
        ("rose by 0x10", ChangedBy(16, ALL)),
        ("times 4", Times(Comparison.EQUAL, 4, ALL)),
        ("only while A", OnlyWhile("A", ALL)),
        ("only in scene=3", OnlyIn(LabelValue("scene", "3"), ALL)),
        ("changes with 03000A14", ChangesWith(0x03000A14, ALL)),
        ("changes with 02000000", ChangesWith(0x02000000, ALL)),
        ("same 0:01..MARK 2", Moved(Movement.SAME, Stretch(Clock(1000), Mark(2)))),
    ],
)
def test_shorter_forms_mean_the_same(text: str, meaning: object) -> None:
    assert parse_filter(text) == meaning


def test_filters_are_separated_by_semicolons_or_lines() -> None:
    text = "same 300..700; rose 700..900; = 7 @ last"
    assert filters_text(parse_filters("\nsame 300..700;;rose 700..900\r\n= 7 @ last;")) == text
    assert parse_filters(" ; ") == ()


@pytest.mark.parametrize(
    ("text", "place", "reason"),
    [
        ("", 1, "a filter (= 7 @ last"),
        ("jumped 300..700", 1, 'must stand instead of "jumped"'),
        ("rose 300", 9, '".." and the moment at which the stretch ends is missing'),
        ("rose 300..", 11, "a moment (a frame set's number"),
        ("rose 300..soon", 11, 'must stand instead of "soon"'),
        ("rose 300..700 too", 15, 'the end of the filter must stand instead of "too"'),
        ("same 1..2; = x @ last", 14, 'a number, or @ and a moment, must stand instead of "x"'),
        ("= 7 last", 5, '@ and a moment must stand instead of "last"'),
        ("= 7 @ mark", 11, "the mark's number, from 1 is missing"),
        ("= 7 @ mark 0", 12, 'the mark\'s number, from 1 must stand instead of "0"'),
        ("= 7 @ 99999999999", 7, "a moment"),
        ("= 7 @ 12:75", 7, "below 60"),
        ("= 1e999", 3, "a number"),
        ("between 9 3 @ 300", 11, "a number from 9 upwards"),
        ("times lots", 7, "a number of changes"),
        ("only A", 6, '"while" and buttons'),
        ("only in mood=grim", 9, "a label's field (context"),
        ("only in context battle", 17, '"=" and the value of context'),
        ("only in context=", 17, "the value of context"),
        ("same start context=battle..last", 12, '"of" and a label'),
        ("same start of context=battle #0..last", 30, "an ordinal from #1"),
        ("changes 0x03000A14", 9, '"with"'),
        ("changes with 7", 14, "an address"),
        ('only in scene="cave', 15, "no second quotation mark"),
        (f"= {'9' * 5000}", 3, "more than 64 characters"),
        (f"times >= {'9' * 5000}", 10, "more than 64 characters"),
        (f"= 7 @ {'9' * 5000}", 7, "more than 64 characters"),
        (f"= 7 @ mark {'9' * 5000}", 12, "more than 64 characters"),
        (f"= 7 @ {'9' * 50}:00.123", 7, "a time that a recording can reach"),
        (f"= 7 @ {'9' * 5000}:00", 7, "more than 64 characters"),
        (f"same start of scene=x #{'9' * 5000}..last", 23, "more than 64 characters"),
        ("= 7 % 3", 5, "'%' has no meaning there"),
    ],
)
def test_an_error_names_the_place_and_what_would_be_right(text: str, place: int, reason: str) -> None:
    with pytest.raises(FilterError) as caught:
        parse_filter(text) if ";" not in text else parse_filters(text)
    assert f"at character {place}: " in str(caught.value)
    assert reason in str(caught.value)


@given(st.text(st.sampled_from('=<>!@;."\\#:_ 0x1A9-+abcdefghilmnorstuw'), max_size=30))
def test_any_text_is_read_or_answered_with_one_sentence(text: str) -> None:
    try:
        found = parse_filters(text)
    except FilterError as error:
        assert str(error).startswith("In `")  # noqa: PT017 - most texts are none, and the others must be read
    else:
        assert parse_filters(filters_text(found)) == found
