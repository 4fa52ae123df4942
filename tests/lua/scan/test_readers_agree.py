"""The three readers, on any memory: each notes exactly the words that changed, and remembers the memory."""

from collections.abc import Iterator
from contextlib import suppress
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.lua.machine import Machine
from tests.lua.scan.memory import Changes, Memory, changes_between

LUA = Machine()

READERS = ("bulk", "hashes", "words")

WORDS = st.one_of(st.integers(0, 3), st.integers(0, 0xFFFFFFFF), st.sampled_from([0x80000000, 0xFFFFFFFF, 0x00FF00FF]))


class Reader:
    """One reader of one memory."""

    def __init__(self, name: str, memory: Memory, lua: Machine = LUA) -> None:
        self.memory = memory
        self._reader = lua.require(f"scan.{name}")[b"new"](memory.port(lua))
        self._chunk = lua.to_lua(memory.chunk())
        self._changes = lua.to_lua({"gaps": [], "current": [], "previous": []})

    def rebaseline(self) -> None:
        self._reader[b"rebaseline"](self._reader, self._chunk)

    def scan(self) -> Changes:
        count = self._reader[b"scan"](self._reader, self._chunk, self._changes)
        gaps, current, previous = (self._changes[name] for name in (b"gaps", b"current", b"previous"))
        noted, word = [], 0
        for i in range(1, count + 1):
            word += gaps[i]
            noted.append((word, current[i], previous[i]))
        return noted

    def image(self) -> bytes:
        image: bytes = self._reader[b"image"](self._reader, self._chunk)
        return image


@st.composite
def plays(draw: st.DrawFn) -> tuple[list[int], list[dict[int, int]]]:
    """A memory, and what is written to it between scans: here and there, in runs, again and again."""
    size = draw(st.integers(1, 700))
    start = draw(st.lists(WORDS, min_size=size, max_size=size) if size < 40 else st.just([7] * size))
    habits = draw(st.lists(st.integers(0, size - 1), max_size=6))
    writes = []
    for _ in range(draw(st.integers(1, 8))):
        write = draw(st.dictionaries(st.integers(0, size - 1), WORDS, max_size=5))
        write |= {habit: draw(WORDS) for habit in habits}
        if draw(st.booleans()):
            first = draw(st.integers(0, size - 1))
            write |= dict.fromkeys(range(first, min(size, first + draw(st.integers(1, 200)))), draw(WORDS))
        writes.append(write)
    return start, writes


@pytest.mark.parametrize("name", READERS)
@given(play=plays())
def test_changes_are_exactly_those_of_memory(name: str, play: tuple[list[int], list[dict[int, int]]]) -> None:
    start, writes = play
    memory = Memory(start)
    reader = Reader(name, memory)
    reader.rebaseline()
    assert reader.image() == memory.image
    for write in writes:
        before = list(memory.words)
        for word, value in write.items():
            memory.words[word] = value
        assert reader.scan() == changes_between(before, memory.words)
        assert reader.image() == memory.image
    assert reader.scan() == []


@pytest.mark.parametrize("name", READERS)
@given(play=plays())
def test_a_second_sight_is_a_new_baseline(name: str, play: tuple[list[int], list[dict[int, int]]]) -> None:
    start, writes = play
    memory = Memory(start)
    reader = Reader(name, memory)
    reader.rebaseline()
    for write in writes:
        for word, value in write.items():
            memory.words[word] = value
        reader.rebaseline()
        assert reader.image() == memory.image
        assert reader.scan() == []


@pytest.mark.parametrize("name", READERS)
@pytest.mark.parametrize("calls", range(8))
def test_a_sight_after_a_read_that_failed_is_right(name: str, calls: int) -> None:
    memory = Memory([0] * 1000)
    reader = Reader(name, memory)
    reader.rebaseline()
    memory.words[3], memory.words[900] = 1, 2
    memory.fails_in = calls
    with suppress(RuntimeError):
        reader.scan()
    memory.fails_in = None
    reader.rebaseline()
    assert reader.image() == memory.image
    memory.words[3] = 0
    assert reader.scan() == [(3, 0, 1)]


def long_play(seed: int) -> Iterator[tuple[Memory, list[int]]]:
    """A chunk as large as EWRAM's, played for long: hot words, cold ones, bursts, and a change of scene."""
    dice = Random(seed)
    size = 13_108
    memory = Memory([dice.getrandbits(32) for _ in range(size)])
    hot = [dice.randrange(size) for _ in range(60)]
    for scan in range(120):
        before = list(memory.words)
        if scan % 50 == 30:
            for word in dice.sample(range(size), 5000):
                memory.words[word] = dice.getrandbits(32)
            hot = [dice.randrange(size) for _ in range(60)]
        for word in hot:
            if dice.random() < 0.8:
                memory.words[word] = dice.getrandbits(32)
        for _ in range(dice.randrange(6)):
            memory.words[dice.randrange(size)] ^= 1 << dice.randrange(32)
        yield memory, before


@pytest.mark.parametrize("name", READERS)
def test_a_long_play_is_followed_exactly(name: str) -> None:
    reader = None
    for memory, before in long_play(5):
        if reader is None:
            reader = Reader(name, memory)
            reader.rebaseline()
            continue
        assert reader.scan() == changes_between(before, memory.words)


@pytest.mark.parametrize(("name", "seed"), [("bulk", 0), ("hashes", 0), ("hashes", 1), ("hashes", 2), ("hashes", 3)])
def test_memory_that_returns_to_what_it_was_is_followed_exactly(name: str, seed: int) -> None:
    """Bits here and there flip, and flip back: what a reader remembers of older memory becomes true again."""
    dice = Random(seed)
    size = 4000
    memory = Memory([0] * size)
    reader = Reader(name, memory)
    reader.rebaseline()
    for _ in range(12):
        places = [dice.randrange(size - 80) for _ in range(dice.randrange(1, 8))]
        spread, often = dice.choice([1, 3, 80]), dice.random()
        for _ in range(dice.randrange(1, 20)):
            before = list(memory.words)
            for place in places:
                if dice.random() < often:
                    memory.words[place + dice.randrange(spread)] ^= 1
            if dice.random() < 0.05:
                memory.words[:] = [0] * size
            if dice.random() < 0.03:
                reader.rebaseline()
                before = list(memory.words)
            assert reader.scan() == changes_between(before, memory.words)
        assert reader.image() == memory.image
