from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daemon.analysis import predicates
from daemon.analysis.addresses import AddressRange
from daemon.analysis.candidates import Order
from daemon.analysis.filters import parse_filters
from daemon.analysis.history import History
from daemon.analysis.moments import SetMoment
from daemon.analysis.search import Search, SearchEngine, SearchFilter
from daemon.analysis.value_types import VALUE_TYPES, value_type
from protocol.errors import DocumentError, FilterError, ValueTypeError
from protocol.regions import Region
from protocol.session.change_log_builder import LogBuilder
from protocol.session.frame_set import FrameRecord, FrameSet, ScanChanges
from tests.daemon.analysis.recording import Recording
from tests.daemon.analysis.searched import BYTES, TYPES, Oracle, Searched, searched
from tests.daemon.analysis.test_predicates import FITS, filters

SMALL = (Region("iwram", 0x0300_0000, 16, 1), Region("ewram", 0x0200_0000, 16, 1))


def game(*memories: dict[int, int]) -> Searched:
    """Make a recording of a tiny game: in each frame set some bytes, named by address, get another value."""
    builder = LogBuilder(SMALL)
    builder.image(0, bytes(32))
    words = {region.base: np.zeros(region.words, np.uint32) for region in SMALL}
    blocks = []
    for number, changes in enumerate(memories, 1):
        scans = []
        for region in SMALL:
            before = words[region.base].copy()
            for address, value in changes.items():
                if region.base <= address < region.base + region.size:
                    words[region.base].view(np.uint8)[address - region.base] = value
            some = np.flatnonzero(words[region.base] != before)
            addresses = (region.base + 4 * some).astype(np.uint32)
            values = (before[some], words[region.base][some])
            if len(some):
                scans.append(ScanChanges(region.name, 0, number, addresses, *values, np.ones(len(some), np.uint16)))
        records = (FrameRecord(number, 100 * number, 0, "A" if number % 2 else "", ()),)
        builder.add(FrameSet(number, records, tuple(scans), (), b""), [], number)
        if number == 1:
            builder.image(number, b"".join(words[region.base].tobytes() for region in SMALL))
    blocks = [builder.take()]
    return Searched(History.of(SMALL, 1, [block for block in blocks if block]))


def search(text: str, **more: Any) -> Search:
    return Search(tuple(map(SearchFilter, parse_filters(text))), **more)


HP = 0x0200_0004
MONEY = 0x0300_0008

PLAYED: tuple[dict[int, int], ...] = (
    {HP: 23, MONEY: 0x2C, MONEY + 1: 1},
    {HP: 20},
    {MONEY: 0xFE, MONEY + 1: 0, 0x0300_0000: 7},
    {HP: 9, 0x0300_0000: 8},
    {HP: 30, 0x0300_0000: 9},
    {MONEY: 0x10, MONEY + 1: 1, 0x0300_0000: 3},
)
PLAY = game(*PLAYED)
"""Hit points 23, 20, 20, 9, 30 and 30; money 300, 300, 254, 254, 254 and 272."""


def test_hit_points_are_found_by_what_a_player_saw() -> None:
    result = SearchEngine(PLAY).search(search("= 23 @ 1; fell 1..4; = 30 @ last"))
    # The same byte is also the end of big-endian numbers that begin before it: they come later.
    assert [found.address for found in result.candidates] == [HP, HP - 3, HP - 1]
    found = result.candidates[0]
    assert (found.type, found.region, found.value, found.changes) == ("u8", "ewram", 30, 4)
    assert found.also == ("s8", "u16", "s16", "u32", "s32")
    assert (result.left, result.addresses, result.unknown, result.hint) == (11, 3, 0, "")
    assert found.curve.numbers == (1, 2, 4, 5)
    assert found.curve.values == (23, 20, 9, 30)


def test_a_number_whose_upper_byte_only_carries_is_shown_as_wide_as_it_is() -> None:
    result = SearchEngine(PLAY).search(search("fell 1..3; rose 3..6; times 3; same 3..5"))
    assert [(found.address, found.type, found.value) for found in result.candidates][:1] == [(MONEY, "u16", 272)]


def test_candidates_have_their_values_at_the_chosen_moment() -> None:
    found = SearchEngine(PLAY).search(search("= 23 @ 1; = 30"), at=SetMoment(4)).candidates[0]
    assert found.value == 9


@pytest.mark.parametrize(
    ("order", "addresses"),
    [
        (Order.ADDRESS, [HP, 0x0300_0000, MONEY]),
        (Order.CHANGES, [0x0300_0000, HP, MONEY]),
        (Order.VALUE, [0x0300_0000, MONEY, HP]),
    ],
)
def test_candidates_come_in_the_order_that_was_asked_for(order: Order, addresses: list[int]) -> None:
    result = SearchEngine(PLAY).search(search("changed; != 1", types=("u8",)), order=order, limit=9)
    assert [found.address for found in result.candidates] == addresses


def test_what_changed_seldom_comes_first_and_what_never_did_last() -> None:
    result = SearchEngine(PLAY).search(search("", types=("u8",)), limit=40)
    assert [found.changes for found in result.candidates] == [3, 3, 4, 4, *[0] * 28]
    assert SearchEngine(PLAY).search(search("", types=("u8",)), limit=2).candidates == result.candidates[:2]


def test_regions_and_ranges_and_alignment_narrow_the_search() -> None:
    engine = SearchEngine(PLAY)
    assert engine.search(search("", types=("u8",))).left == 32
    assert engine.search(search("", types=("u16",))).left == 2 * 15  # the last byte of each region begins no u16
    assert engine.search(search("", types=("u32",), aligned=True)).left == 8
    assert engine.search(search("", types=("u8",), regions=("ewram",))).left == 16
    ranges = (AddressRange(HP, HP + 3), AddressRange(MONEY, MONEY + 1))
    assert engine.search(search("", types=("u8",), ranges=ranges)).left == 6
    assert engine.search(search("", types=("u8",), ranges=ranges, excluded=(AddressRange(HP, HP),))).left == 5


def test_a_filter_that_is_off_is_not_counted_and_changes_nothing() -> None:
    on, off = parse_filters("= 30 @ last; = 8 @ last")
    result = SearchEngine(PLAY).search(Search((SearchFilter(on), SearchFilter(off, on=False)), types=("u8",)))
    assert [count.as_map() for count in result.counts] == [
        {"filter": "= 30 @ last", "on": True, "passes": 1, "unknown": 0},
        {"filter": "= 8 @ last", "on": False, "passes": None, "unknown": None},
    ]
    assert result.left == 1


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("= 99 @ last", "No address passes `= 99 @ last` alone: change it or switch it off."),
        (
            "= 30 @ last; = 3 @ last",
            "No address passes both `= 30 @ last` and `= 3 @ last`: change one or switch it off.",
        ),
        (
            "= 30 @ last; changed; = 3 @ last",
            "No address passes both `= 30 @ last` and `= 3 @ last`: change one or switch it off.",
        ),
        (
            "!= 3; times >= 3; times <= 3; < 20 @ 4; fell 1..2; > 0; times < 3",
            "No address passes both `times >= 3 all` and `times < 3 all`: change one or switch it off.",
        ),
    ],
)
def test_filters_that_leave_nothing_are_answered_with_a_reason(text: str, hint: str) -> None:
    result = SearchEngine(PLAY).search(search(text, types=("u8",)))
    assert (result.left, result.candidates) == (0, ())
    assert result.hint == hint


def test_the_filter_that_costs_most_is_named_where_no_two_contradict() -> None:
    a, b, c, d = range(HP, HP + 4)
    play = game({a: 1, b: 1, d: 1}, {b: 0, c: 1}, {a: 0, b: 1, d: 2})
    result = SearchEngine(play).search(search("= 1 @ 1; = 1 @ 2; = 1 @ 3", types=("u8",)))
    assert result.hint == "No address passes all of them; without `= 1 @ 3` 2 candidates would be left."


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"regions": ("vram",)}, "There is no region 'vram' in this recording: it has iwram, ewram."),
        ({"ranges": (AddressRange(0, 5),)}, "No address of 00000000..00000005 was recorded"),
        ({"types": ("u8", "bcd8")}, "fits none of the chosen types: u8 (0 to 255), bcd8 (0 to 99)."),
    ],
)
def test_a_search_that_cannot_be_done_is_a_sentence(more: dict[str, Any], sentence: str) -> None:
    with pytest.raises(FilterError) as caught:
        SearchEngine(PLAY).search(search("= 300", **more))
    assert sentence in str(caught.value)


def test_a_search_is_kept_as_a_document() -> None:
    whole = Search(
        (SearchFilter(parse_filters("= 7")[0]), SearchFilter(parse_filters("same 1..2")[0], on=False)),
        ("u8", "u16be"),
        ("iwram",),
        (AddressRange(0x0300_0000, 0x0300_00FF),),
        (AddressRange(HP, HP),),
        aligned=True,
    )
    assert Search.from_map(whole.as_map()) == whole
    assert Search.from_map({}) == Search()
    with pytest.raises(ValueTypeError):
        Search.from_map({"types": ["u7"]})
    with pytest.raises(DocumentError):
        Search.from_map({"where": "= 7"})


def test_a_filter_is_judged_once_until_the_recording_moves_its_moments(monkeypatch: pytest.MonkeyPatch) -> None:
    judged: list[str] = []

    def judge(each: Any, *more: Any) -> predicates.Judgement:
        judged.append(str(each))
        return predicates.judge(each, *more)

    monkeypatch.setattr("daemon.analysis.search.judge", judge)
    engine = SearchEngine(PLAY)
    text = "= 23 @ 1; fell 1..4; = 30 @ last"
    for _ in range(3):
        engine.search(search(text))
    assert judged == ["= 23 @ 1", "fell 1..4", "= 30 @ last"]
    engine.search(search("fell 1..4; = 23 @ 1"))
    assert len(judged) == 3
    longer = game(*PLAYED, {HP: 31})
    engine.renew(longer)
    engine.search(search("= 23 @ 1; = 30 @ last"))
    assert judged[3:] == ["= 30 @ last"]
    engine.renew(game({HP: 22}, {HP: 30}))
    assert not engine.search(search("= 23 @ 1")).left
    assert judged[4:] == ["= 23 @ 1"]


def test_a_name_that_moves_is_looked_up_again() -> None:
    names = {"hp": HP}
    engine = SearchEngine(PLAY, names.__getitem__)
    assert HP in [found.address for found in engine.search(search("changes with hp", types=("u8",))).candidates]
    before = engine.search(search("changes with hp", types=("u8",))).left
    names["hp"] = 0x0300_0000
    by_address = engine.search(search("changes with 0x03000000", types=("u8",))).left
    assert engine.search(search("changes with hp", types=("u8",))).left == by_address != before


@settings(max_examples=12, deadline=None)
@given(st.data(), st.integers(0, 10_000))
def test_filters_commute_and_agree_with_a_search_through_memories(data: st.DataObject, seed: int) -> None:
    recording = Recording(seed, sets=10)
    whole = searched(recording)
    chosen = data.draw(st.lists(filters(recording), min_size=1, max_size=3, unique=True))
    engine = SearchEngine(whole)
    kinds = tuple(TYPES)
    try:
        result = engine.search(Search(tuple(map(SearchFilter, chosen)), kinds), limit=BYTES)
    except (FilterError, ValueTypeError):
        return
    except Exception as error:
        assert "label" in str(error)  # noqa: PT017 - a recording without that label
        return
    verdicts = [Oracle(recording, whole).verdicts(each) for each in chosen]
    passes = np.logical_and.reduce([each[0] for each in verdicts]) & FITS
    possible = np.logical_and.reduce([each[0] | each[1] for each in verdicts]) & FITS
    assert result.left == passes.sum()
    assert result.unknown == (possible & ~passes).any(axis=0).sum()
    assert [(count.passes, count.unknown) for count in result.counts] == [
        (p.any(axis=0).sum(), u.any(axis=0).sum()) for p, u in verdicts
    ]
    found = {(candidate.address, name) for candidate in result.candidates for name in (candidate.type, *candidate.also)}
    history = whole.history
    assert found == {(history.address_of(position), kinds[row]) for row, position in np.argwhere(passes).tolist()}
    for candidate in result.candidates:
        position = history.position_of(candidate.address)
        width = value_type(candidate.type).width
        moved = {time for time, moved in recording.changes if moved[position : position + width].any()}
        assert candidate.changes == len(moved)
    swapped = engine.search(Search(tuple(map(SearchFilter, chosen[::-1])), kinds), limit=BYTES)
    assert swapped.candidates == result.candidates


def test_every_type_is_searched_unless_some_are_chosen() -> None:
    assert Search().types == tuple(VALUE_TYPES)
