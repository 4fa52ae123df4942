"""Work done by several processes comes back in order, whoever did it and whoever dies."""

import os
import subprocess
import sys
from collections.abc import Iterator

import pytest

from daemon.importing import crew
from daemon.importing.crew import Crew
from protocol.errors import LogError
from tests.daemon.importing import crew_work

WORK = crew_work.__name__
TOOLS = {"factor": 3, "parent": os.getpid()}


@pytest.fixture(autouse=True)
def four_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "cpu_count", lambda: 4)


@pytest.fixture
def working() -> Iterator[Crew[int, tuple[int, int]]]:
    with Crew[int, tuple[int, int]](WORK, TOOLS, 100) as found:
        yield found


def test_results_come_in_order_from_several_processes(working: Crew[int, tuple[int, int]]) -> None:
    while len({pid for _, pid in working.results(range(14, 90))}) < 2:
        pass
    results = list(working.results(range(14, 90)))
    assert [result for result, _ in results] == [3 * piece for piece in range(14, 90)]


def test_what_a_piece_raises_is_raised_in_its_turn(working: Crew[int, tuple[int, int]]) -> None:
    results = working.results(range(12, 30))
    assert next(results)[0] == 36
    with pytest.raises(LogError, match="there is no piece 13"):
        next(results)


def test_a_child_that_dies_is_replaced_by_this_process(working: Crew[int, tuple[int, int]]) -> None:
    pieces = [*range(20, 40), *[99] * 8, *range(40, 60)]
    assert [result for result, _ in working.results(pieces)] == [3 * piece for piece in pieces]


def test_little_work_is_done_here() -> None:
    with Crew[int, tuple[int, int]](WORK, TOOLS, 3) as alone:
        assert {pid for _, pid in alone.results(range(3))} == {os.getpid()}


def test_without_children_this_process_works(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/no/such/python")
    with Crew[int, tuple[int, int]](WORK, TOOLS, 100) as alone:
        assert len(list(alone.results(range(20, 40)))) == 20


def test_no_child_is_left(working: Crew[int, tuple[int, int]]) -> None:
    assert len(working._children) == crew.MOST_CHILDREN
    working.__exit__(None, None, None)
    assert all(child._process.poll() is not None for child in working._children)


def test_a_child_ends_with_its_input() -> None:
    child = subprocess.run([sys.executable, "-m", crew.__name__, WORK], input=b"", timeout=60, check=False)
    assert child.returncode == 0
