"""Queries for a variable: the first one on a recorded hour, and each further label."""

import time
from collections.abc import Iterator

import numpy as np

from daemon.analysis.history import History
from daemon.analysis.value_types import value_type
from daemon.finding.evidence import Direction, Event, Query, Reading
from daemon.finding.finder import Finder
from tests.bench.figures import Budget, Figure, spread
from tests.bench.recorded_hour import FRAMES, HOUR, REGIONS, busy_hour, demo_hour, log_of
from tests.bench.settings import BenchSettings
from tests.fakes.demo_game import symbol_address

__all__ = ["finding_bench"]

_FIRST = Budget("median", 1000)
_FURTHER = Budget("median", 300)
_LABELS = 8
"""Readings, and events, of the longest query."""

_READ_FIRST = 4
"""Readings of the first query."""


def finding_bench(settings: BenchSettings) -> Iterator[Figure]:
    """Measure processor time of queries about an hour of the demo game, and of a game that changes far more.

    Yields:
        The figures of the first query, and of each label that is added to it.
    """
    sets = 300 if settings.quick else HOUR
    demo = History.of(REGIONS, FRAMES, log_of(demo_hour(sets)))
    yield from _queries(settings, "demo game", demo, demo.position_of(symbol_address("frame_counter")))
    busy = History.of(REGIONS, FRAMES, busy_hour(sets))
    changes = busy.all_change_counts.of(1)
    yield from _queries(settings, "busy game", busy, 4 * (int(np.argsort(changes)[-len(changes) // 500]) // 4))


def _queries(settings: BenchSettings, game: str, history: History, position: int) -> Iterator[Figure]:
    steps = history.values_of(position, value_type("u16"))
    chosen = np.linspace(1, len(steps) - 1, _LABELS).astype(int)
    numbers = history.timeline.numbers_at(steps.time[chosen]).tolist()
    values = steps.typed.values[chosen].tolist()
    readings = [Reading(number, value, is_live=True) for number, value in zip(numbers, values, strict=True)]
    events = [Event(number, Direction.CHANGED) for number in numbers]
    labels: list[Reading | Event] = [*readings[_READ_FIRST:], *events]
    first, further = list[float](), list[float]()
    for _ in range(settings.rounds):
        finder = Finder(history)
        query = Query("sought", readings=tuple(readings[:_READ_FIRST]))
        first.append(_milliseconds(finder, query))
        for label in labels:
            query = _with(query, label)
            further.append(_milliseconds(finder, query))
    subject = f"{game}, {len(history.timeline):,} sets, {len(history) / 1e6:.1f} million entries"
    most = _READ_FIRST + len(labels)
    yield Figure(subject, f"first query, {_READ_FIRST} readings", "ms", spread(first), budgets=(_FIRST,))
    yield Figure(subject, f"each further label, up to {most}", "ms", spread(further), budgets=(_FURTHER,))


def _with(query: Query, label: Reading | Event) -> Query:
    if isinstance(label, Reading):
        return Query(query.name, (*query.readings, label), query.events)
    return Query(query.name, query.readings, (*query.events, label))


def _milliseconds(finder: Finder, query: Query) -> float:
    """Measure processor time: the analysis has a process of its own, and waits for nothing."""
    started = time.process_time()
    finder.find(query)
    return 1000 * (time.process_time() - started)
