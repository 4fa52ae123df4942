"""A person's searches in the demo game: its own variables are found by what was on the screen."""

import json
from collections.abc import Callable
from functools import cache

import numpy as np
import pytest

import resources
from daemon.analysis.filters import parse_filters
from daemon.analysis.history import History
from daemon.analysis.search import Candidate, Search, SearchEngine, SearchFilter, SearchResult
from lua.headless.inputs import read_inputs
from protocol.console import GBA
from protocol.regions import Region
from protocol.session.change_log_builder import LogBuilder
from protocol.session.frame_set import FrameRecord, FrameSet, ScanChanges
from tests.daemon.analysis.searched import Searched
from tests.fakes.demo_game import demo_console
from tests.resources.demo.console import DemoConsole
from tests.resources.demo.record_tour import Recorder
from tests.resources.demo.test_game import start_game

FRAMES_PER_SET = 5
REGIONS = tuple(Region(region.name, region.base, region.size, FRAMES_PER_SET) for region in GBA.regions)


class Tracer:
    """Recorder of memory, scanned whole once in a frame set."""

    def __init__(self, read: Callable[[], dict[str, bytes]]) -> None:
        self._read = read
        self._log = LogBuilder(REGIONS)
        self._memory: dict[str, np.ndarray[tuple[int], np.dtype[np.uint32]]] = {}
        self.sets = 0

    def take(self) -> int:
        """Record a frame set; return its number."""
        scans = []
        first = FRAMES_PER_SET * self.sets
        for region, memory in zip(REGIONS, self._read().values(), strict=True):
            words = np.frombuffer(memory, "<u4")
            before = self._memory.get(region.name)
            self._memory[region.name] = words
            for index, chunk in enumerate(region.chunks if before is not None else ()):
                assert before is not None
                where = slice(chunk.first_word, chunk.end_word)
                some = chunk.first_word + np.flatnonzero(words[where] != before[where])
                if len(some):
                    addresses = (region.base + 4 * some).astype(np.uint32)
                    counts = np.ones(len(some), np.uint16)
                    frame = first + FRAMES_PER_SET - 1
                    scans.append(ScanChanges(region.name, index, frame, addresses, before[some], words[some], counts))
        frames = tuple(FrameRecord(first + place, 17 * (first + place), 0, "", ()) for place in range(FRAMES_PER_SET))
        self._log.add(FrameSet(self.sets, frames, tuple(scans), (), b""), [], self.sets)
        if not self.sets:
            self._log.image(0, b"".join(self._read().values()))
        self.sets += 1
        return self.sets - 1

    def search(self, text: str) -> SearchResult:
        block = self._log.take()
        assert block is not None
        recording = Searched(History.of(REGIONS, FRAMES_PER_SET, [block]))
        return SearchEngine(recording).search(Search(tuple(map(SearchFilter, parse_filters(text)))))


@cache
def address(name: str) -> int:
    symbols = json.loads(resources.demo_symbols().read_text("utf-8"))
    return next(int(symbol["address"], 16) for symbol in symbols if symbol["name"] == name)


def first_of(result: SearchResult) -> Candidate:
    assert result.candidates, result.hint
    return result.candidates[0]


@pytest.fixture(scope="module")
def tour() -> History:
    """The tour of the demo game: a bout in which HP falls from 24 to 14, and a visit to the merchant's stall."""
    console, inputs = demo_console(), read_inputs(resources.demo_tour())
    tracer = Tracer(lambda: {region.name: bytes(console.memories()[region.domain]) for region in GBA.regions})
    for frame in range(inputs.last_frame):
        console.run_frame(inputs.pressed(frame))
        if frame % FRAMES_PER_SET == FRAMES_PER_SET - 1:
            tracer.take()
    console.close()
    block = tracer._log.take()
    assert block is not None
    return History.of(REGIONS, FRAMES_PER_SET, [block])


def found_in(history: History, text: str) -> SearchResult:
    return SearchEngine(Searched(history)).search(Search(tuple(map(SearchFilter, parse_filters(text)))))


def test_hit_points_are_found_by_what_the_bars_showed(tour: History) -> None:
    found = first_of(found_in(tour, "= 24 @ 300; = 20 @ 600; = 14 @ 770"))
    assert (found.address, found.curve.values[-1]) == (address("party[0].hp"), found.value)


def test_money_is_found_by_what_was_paid(tour: History) -> None:
    found = first_of(found_in(tour, "= 120 @ 300; changed by -80 300..500; = 62 @ 700"))
    assert (found.address, found.value) == (address("money"), 62)


def test_the_map_is_found_by_walking_through_a_door() -> None:
    with DemoConsole() as console:
        start_game(console)
        player = Recorder(console)
        ewram = GBA.regions[1].size

        def read() -> dict[str, bytes]:
            memory = console.memory()
            return {"iwram": memory[ewram:], "ewram": memory[:ewram]}

        tracer = Tracer(read)

        def play(combination: str, sets: int) -> int:
            for _ in range(sets):
                player.hold(combination, FRAMES_PER_SET)
                last = tracer.take()
            return last

        player.walk("Left", 4)
        outside, still_outside = play("None", 4), play("None", 10)
        play("Up", 18)
        inside, still_inside = play("None", 16), play("None", 10)
        play("Down", 12)
        again = play("None", 16)
        assert console.named("map") == "valley"
    stayed = f"same {outside}..{still_outside}; same {inside}..{still_inside}"
    moved = f"!= @{outside} @ {inside}; = @{outside} @ {again}; times = 2 {outside}..{again}"
    found = first_of(tracer.search(f"{stayed}; {moved}"))
    assert found.address == address("map")
