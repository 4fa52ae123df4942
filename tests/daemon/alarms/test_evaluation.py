"""Alarms against frame sets: they fire when their condition comes true, and not while it stays so."""

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from daemon.alarms.evaluation import PAUSE_FRAMES, Alarm, Alarms, Fired
from daemon.analysis.alarm_rules import parse_alarm
from daemon.analysis.value_types import value_type
from protocol.regions import Region
from protocol.session.frame_set import FrameRecord, FrameSet, ScanChanges
from protocol.session.integrity import ChunkName

IWRAM = Region("iwram", 0x0300_0000, 0x8000, 5)
EWRAM = Region("ewram", 0x0200_0000, 0x40000, 5)
HP = 0x0300_0A14


def alarm(text: str, address: int = HP, kind: str = "u16") -> Alarm:
    return Alarm("hp", address, parse_alarm(text, value_type(kind)))


def a_set(number: int, words: Mapping[int, tuple[int, int]], position: int = 0) -> FrameSet:
    """A set in which words, by address, went from one value to another, all in one scan of one chunk."""
    addresses = sorted(words)
    before, now = (np.array([words[address][index] for address in addresses], np.uint32) for index in (0, 1))
    frames = tuple(FrameRecord(5 * number + place, 0, 0, "", ()) for place in range(5))
    region = IWRAM if addresses[0] >= IWRAM.base else EWRAM
    index = (addresses[0] - region.base) // 4
    chunk = next(number for number, chunk in enumerate(region.chunks) if index < chunk.end_word)
    freq = np.ones(len(addresses), np.uint16)
    scan = ScanChanges(region.name, chunk, frames[position].frame, np.array(addresses, np.uint32), before, now, freq)
    return FrameSet(number, frames, (scan,), (), b"")


def observed(alarms: Alarms, *sets: FrameSet) -> list[Fired]:
    return [fired for frame_set in sets for fired in alarms.observe(frame_set)]


def steps(*values: int, address: int = HP, apart: int = PAUSE_FRAMES) -> Iterator[FrameSet]:
    for index, pair in enumerate(pairwise(values)):
        yield a_set(index * apart // 5, {address: pair, address + 8: (index, index + 1)})


def test_it_fires_when_the_condition_comes_true_and_says_where() -> None:
    alarms = Alarms([alarm("< 5")], [EWRAM, IWRAM])
    [first, second] = observed(alarms, *steps(9, 7, 4, 3, 8, 2))
    assert (first.number, first.frame, first.before, first.now) == (12, 60, 7, 4)
    assert (second.before, second.now) == (8, 2)
    assert first.details == {"alarm": "hp < 5", "name": "hp", "address": HP, "before": 7, "value": 4}


def test_a_value_that_is_low_already_fires_no_alarm() -> None:
    assert observed(Alarms([alarm("< 5")], [IWRAM]), *steps(4, 3, 2)) == []


def test_one_that_keeps_firing_is_heard_once_a_second() -> None:
    alarms = Alarms([alarm("changed")], [IWRAM])
    assert len(observed(alarms, *steps(*range(25), apart=5))) == 2


def test_after_a_savestate_the_frames_may_go_back_and_it_fires_all_the_same() -> None:
    alarms = Alarms([alarm("changed")], [IWRAM])
    assert len(observed(alarms, a_set(100, {HP: (1, 2)}), a_set(40, {HP: (5, 6)}))) == 2


def test_other_halves_of_the_word_do_not_matter() -> None:
    assert observed(Alarms([alarm("changed")], [IWRAM]), a_set(0, {HP: (0x0001_0007, 0x0002_0007)})) == []
    assert len(observed(Alarms([alarm("changed", HP + 2)], [IWRAM]), a_set(0, {HP: (0x0001_0007, 0x0002_0007)}))) == 1


def test_a_value_in_two_words_is_known_when_both_have_been_seen() -> None:
    alarms = Alarms([alarm("= 0x1234", HP + 3)], [IWRAM])
    assert observed(alarms, a_set(0, {HP: (0, 0x3400_0000)})) == []
    [fired] = observed(alarms, a_set(1, {HP + 4: (0, 0x12)}))
    assert fired.now == 0x1234
    assert observed(alarms, a_set(40, {HP + 4: (0x12, 0x13)})) == []
    [again] = observed(
        alarms,
        a_set(60, {HP: (0x3400_0000, 0x3500_0000), HP + 4: (0x13, 0x12)}),
        a_set(80, {HP: (0x3500_0000, 0x3400_0000)}),
    )
    assert (again.before, again.now) == (0x1235, 0x1234)


def test_what_was_rebaselined_is_not_known_any_more() -> None:
    alarms = Alarms([alarm("changed", HP + 3)], [IWRAM])
    observed(alarms, a_set(0, {HP: (0, 0x3400_0000), HP + 4: (0, 1)}))
    chunk: Sequence[ChunkName] = [("iwram", 0)]
    assert list(alarms.observe(a_set(60, {HP + 4: (7, 8)}), chunk)) == []


def test_a_value_in_two_words_fires_with_its_first_change_where_the_other_word_is_given() -> None:
    alarms = Alarms([alarm("= 0x1234", HP + 3)], [IWRAM])
    assert alarms.lacking == {HP, HP + 4}
    after = {HP: bytes([0, 0, 0, 0x34]), HP + 4: bytes([0x12, 0, 0, 0])}
    [fired] = alarms.observe(a_set(0, {HP + 4: (0x11, 0x12)}), (), after)
    assert (fired.before, fired.now) == (0x1134, 0x1234)
    assert alarms.lacking == set()


def test_a_word_that_changed_later_in_the_set_counts_as_it_was() -> None:
    alarms = Alarms([alarm("changed", HP + 3)], [IWRAM])
    early, late = (a_set(0, words, place) for words, place in (({HP: (0, 0x3400_0000)}, 1), ({HP + 4: (7, 8)}, 3)))
    both = replace(early, changes=(*early.changes, *late.changes))
    fired = list(alarms.observe(both, (), {HP: bytes([0, 0, 0, 0x34]), HP + 4: bytes([8, 0, 0, 0])}))
    assert [(each.before, each.now) for each in fired] == [(0x0700, 0x0734)]


def test_what_a_savestate_brought_is_compared_from_the_next_set_on() -> None:
    alarms = Alarms([alarm("changed", HP + 3)], [IWRAM])
    chunk: Sequence[ChunkName] = [("iwram", 0)]
    after = {HP: bytes([0, 0, 0, 0x34]), HP + 4: bytes([8, 0, 0, 0])}
    assert list(alarms.observe(a_set(0, {HP + 4: (7, 8)}), chunk, after)) == []
    [fired] = alarms.observe(a_set(20, {HP + 4: (8, 9)}))
    assert (fired.before, fired.now) == (0x0834, 0x0934)


def test_bytes_that_are_no_value_fire_nothing() -> None:
    alarms = Alarms([alarm("changed", HP, "bcd8")], [IWRAM])
    assert observed(alarms, a_set(0, {HP: (0x1F, 0x20)}), a_set(40, {HP: (0x20, 0x2A)})) == []
    assert len(observed(alarms, a_set(80, {HP: (0x20, 0x21)}))) == 1


def test_an_address_that_is_not_recorded_never_fires() -> None:
    assert observed(Alarms([alarm("changed", 0x0600_0000)], [IWRAM]), *steps(1, 2, 3)) == []


def test_several_alarms_watch_one_value() -> None:
    alarms = Alarms([alarm("< 5"), alarm("fell"), alarm("rose")], [IWRAM])
    assert [fired.alarm.title for fired in observed(alarms, a_set(0, {HP: (9, 4)}))] == ["hp < 5", "hp fell"]


@pytest.mark.parametrize(("kind", "raw", "shown"), [("s8", 0xFF, -1), ("fixed24.8", 0x180, "1.5")])
def test_values_are_read_by_their_type(kind: str, raw: int, shown: int | str) -> None:
    [fired] = observed(Alarms([alarm("changed", HP, kind)], [IWRAM]), a_set(0, {HP: (0, raw)}))
    assert fired.details["value"] == shown


@pytest.mark.parametrize(("kind", "raw"), [("float32", 0x3DCC_CCCD), ("fixed20.12", 410), ("fixed24.8", 26)])
def test_a_number_stands_for_the_value_nearest_to_it(kind: str, raw: int) -> None:
    alarms = Alarms([alarm("= 0.1", HP, kind), alarm("changed by 0.1", HP, kind)], [IWRAM])
    [equal, by] = observed(alarms, a_set(0, {HP: (0, raw)}))
    assert equal.details["value"] == by.details["value"] == value_type(kind).format(value_type(kind).parse("0.1"))


def test_a_frame_set_costs_microseconds() -> None:
    alarms = Alarms([alarm("< 5", HP + 4 * index) for index in range(20)], [IWRAM, EWRAM])
    busy = a_set(0, {EWRAM.base + 4 * index: (index, index + 1) for index in range(2000)})
    spent = []
    for _ in range(50):
        start = time.perf_counter()
        assert observed(alarms, busy) == []
        spent.append(time.perf_counter() - start)
    assert min(spent) < 0.0005
