"""Cost of the hash reader, its calls weighed: little while a game plays on, a bounded one when a scene changes."""

import statistics
from random import Random

import pytest

from tests.lua.machine import Machine
from tests.lua.scan.memory import Memory

EWRAM_CHUNK = 13_108
PAGES = 4
EVERY_WORD = EWRAM_CHUNK * 0.0018
"""Milliseconds of reading every word by itself, as the original does."""


class Play:
    """A chunk as large as EWRAM's and a reader that has seen it."""

    def __init__(self, lua: Machine, words: list[int] | None = None) -> None:
        self.memory = Memory(words or [0] * EWRAM_CHUNK)
        self._reader = lua.require("scan.hashes")[b"new"](self.memory.port(lua))
        self._chunk = lua.to_lua(self.memory.chunk())
        self._columns = lua.to_lua({"gaps": [], "current": [], "previous": []})
        self.first_read = self.rebaseline()

    def rebaseline(self) -> float:
        """See the chunk afresh; give the milliseconds."""
        self.memory.weighed = 0.0
        self._reader[b"rebaseline"](self._reader, self._chunk)
        return self.memory.weighed

    def scan(self) -> int:
        """Scan the chunk; give the number of changes. The memory counts this scan alone."""
        self.memory.weighed, self.memory.calls, self.memory.elements, self.memory.hashed = 0.0, 0, 0, 0
        count: int = self._reader[b"scan"](self._reader, self._chunk, self._columns)
        return count


def costs_of_play(lua: Machine, scans: int, changing: int, fresh: int) -> list[float]:
    """Milliseconds of each scan, with so many words in runs that always change and so many single ones elsewhere."""
    dice = Random(1)
    play = Play(lua)
    places = [dice.randrange(EWRAM_CHUNK - 8) for _ in range(changing // 4)]
    costs = []
    for _ in range(scans):
        for place in places:
            for word in range(place, place + 4):
                play.memory.words[word] = dice.getrandbits(32)
        for word in dice.sample(range(EWRAM_CHUNK), fresh):
            play.memory.words[word] ^= 1
        play.scan()
        costs.append(play.memory.weighed)
    return costs


def test_the_usual_changes_cost_little_more_than_the_hashes_of_a_memory_that_rests(lua: Machine) -> None:
    settled = costs_of_play(lua, 40, changing=20, fresh=0)[10:]
    assert max(settled) <= 0.85
    assert EVERY_WORD / statistics.median(settled) >= 25


def test_changes_at_random_places_cost_a_bounded_search_each(lua: Machine) -> None:
    settled = costs_of_play(lua, 40, changing=80, fresh=14)[10:]
    assert EVERY_WORD / statistics.median(settled) >= 8


def test_a_memory_that_rests_costs_one_hash_a_page(lua: Machine) -> None:
    play = Play(lua)
    assert play.scan() == 0
    assert play.memory.calls == PAGES
    assert play.memory.hashed == 4 * EWRAM_CHUNK


def test_first_read_of_any_memory_costs_half_of_reading_every_word(lua: Machine) -> None:
    dice = Random(4)
    play = Play(lua, [dice.getrandbits(32) for _ in range(EWRAM_CHUNK)])
    assert play.first_read <= EVERY_WORD / 2
    assert play.rebaseline() < 0.7


def test_sight_after_a_break_costs_no_more_although_everything_changed(lua: Machine) -> None:
    dice = Random(5)
    play = Play(lua)
    for _ in range(3):
        play.memory.words[:] = [dice.getrandbits(32) for _ in range(EWRAM_CHUNK)]
        assert play.rebaseline() <= EVERY_WORD / 2 + 0.7
    assert play.scan() == 0
    assert play.memory.calls == PAGES, "a break is no habit: nothing is watched"


@pytest.mark.parametrize("run", [1, 2, 16, 64, 1000])
def test_a_change_of_scene_has_a_ceiling(lua: Machine, run: int) -> None:
    dice = Random(run)
    play = Play(lua)
    for _ in range(4):
        changed: set[int] = set()
        while len(changed) < 4000:
            first = dice.randrange(EWRAM_CHUNK - run)
            changed.update(range(first, first + run))
        for word in changed:
            play.memory.words[word] += 1
        assert play.scan() == len(changed)
        assert play.memory.weighed <= EVERY_WORD / 2 + 0.7


def test_a_page_that_is_searched_often_is_split_and_one_that_rests_is_whole_again(lua: Machine) -> None:
    dice = Random(2)
    play = Play(lua)
    costs = []
    for _ in range(20):
        for word in dice.sample(range(EWRAM_CHUNK), 8):
            play.memory.words[word] ^= 1
        assert play.scan() == 8
        costs.append(play.memory.weighed)
    assert statistics.mean(costs[10:]) < 0.9 * statistics.mean(costs[:5])
    for _ in range(8):
        assert play.scan() == 0
    assert play.memory.calls == PAGES


def test_a_page_that_was_split_forgets_the_memory_of_before(lua: Machine) -> None:
    dice = Random(6)
    play = Play(lua)
    for _ in range(2):
        changed = dice.sample(range(EWRAM_CHUNK), 80)
        for first in range(0, len(changed), 8):
            for word in changed[first : first + 8]:
                play.memory.words[word] = 1
            assert play.scan() == 8
        assert play.memory.calls > PAGES + 8 * 10, "no page is split"
        for _ in range(10):
            assert play.scan() == 0
        for word in changed:
            play.memory.words[word] = 0
        assert play.scan() == len(changed)


def test_a_span_that_happens_to_be_one_block_is_searched(lua: Machine) -> None:
    play = Play(lua, [0] * 512)
    for _ in range(3):
        play.memory.words[255] += 1
        assert play.scan() == 1
    play.memory.words[255] += 1
    play.memory.words[256] += 1
    assert play.scan() == 2


def test_words_that_came_to_rest_are_let_go(lua: Machine) -> None:
    dice = Random(3)
    play = Play(lua)
    hot = dice.sample(range(EWRAM_CHUNK), 50)
    for _ in range(10):
        for word in hot:
            play.memory.words[word] ^= 1
        assert play.scan() == len(hot)
    for _ in range(30):
        assert play.scan() == 0
    assert play.memory.calls == PAGES
