"""Tables of finding: readings, events, both together; how right certainty is, and how long a query takes."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from statistics import median

from daemon.finding.evidence import Event, Query, Reading
from daemon.finding.finder import Finder
from daemon.finding.found import Certainty, Found
from tests.evaluation.people import Person
from tests.evaluation.played import Played, Truth
from tests.evaluation.statistics import Table, share_of
from tests.evaluation.windows import Window, windows_of

__all__ = ["Case", "Outcome", "certainty_table", "events_table", "readings_outcomes", "readings_table", "time_table"]

READINGS = (3, 4, 6)
_AMONG = 5

_MINUTE, _EVERY = 60.0, 30.0
_LONG, _LONG_EVERY = 180.0, 60.0
"""Seconds of a window in which a variable changes often enough for six events, and between two of them."""


@dataclass(frozen=True)
class Case:
    """A variable that a person looks for in a window.

    Args:
        window: what is recorded.
        name: of the variable.
        truth: about it.
        finder: of the window, for all who look there.
        person: who looks.
    """

    window: Window
    name: str
    truth: Truth
    finder: Finder
    person: Person


@dataclass(frozen=True, eq=False)
class Outcome:
    """An answer against the truth.

    Args:
        case: who looked for what.
        labels: numbers and events that were given.
        found: the answer.
        address: the true one.
        place: of the candidate whose group has the true address, from 0; None where none of the first five has.
        is_exact: whether the first candidate is the true address itself.
        seconds: processor time of the query.
    """

    case: Case
    labels: int
    found: Found
    address: int
    place: int | None
    is_exact: bool
    seconds: float

    @property
    def is_first(self) -> bool:
        """True where the first group has the true address."""
        return self.place == 0


def readings_outcomes(played: Played, most: int, seed: int) -> Mapping[int, list[Outcome]]:
    """Let people read numbers, and ask with three, four and six of them.

    Args:
        played: the play.
        most: cases at most.
        seed: of all chance.
    """
    outcomes: dict[int, list[Outcome]] = {count: [] for count in READINGS}
    for case in _cases(played, _MINUTE, _EVERY, most, seed, lambda window: window.readable()):
        window = case.window
        readings = case.person.readings(case.truth, window.first, window.end, READINGS[-1])
        if len(readings) < READINGS[-1]:
            continue
        order = case.person.chance.sample(readings, len(readings))
        case.finder.find(_query(case, order[: READINGS[0] - 1], ()))
        for count in READINGS:
            outcomes[count].append(ask(case, order[:count], ()))
    return outcomes


def readings_table(outcomes: Mapping[int, Sequence[Outcome]], game: str) -> Table:
    """Show how often readings find a variable."""
    rows = [(f"{count} readings", *_figures(each)) for count, each in outcomes.items()]
    names = sorted({outcome.case.name for outcome in outcomes[READINGS[1]]})
    apart = [f"{name} {_first(each for each in outcomes[READINGS[1]] if each.case.name == name)}" for name in names]
    sizes = [len(each.found.candidates[0].mirrors) for each in outcomes[READINGS[1]] if each.found.candidates]
    notes = (
        f"First with {READINGS[1]} readings, by variable: {'; '.join(apart)}.",
        f"Mirrors of the first candidate: {median(sizes):.0f} at the median, {max(sizes)} at most." if sizes else "",
    )
    return Table(f"{game}: readings typed live in 60 s of play", _COLUMNS, tuple(rows), notes)


def events_table(played: Played, most: int, seed: int) -> tuple[Table, list[Outcome]]:
    """Let people press keys at events, alone and with two readings."""
    alone, mixed = list[Outcome](), list[Outcome]()
    for case in _cases(played, _LONG, _LONG_EVERY, most, seed, lambda window: window.eventful(6)):
        events = case.person.events(case.truth, case.window.first, case.window.end, 6)
        if len(events) == 6:
            alone.append(ask(case, (), events))
    for case in _cases(played, _LONG, _LONG_EVERY, most, seed + 1, lambda window: window.eventful(3)):
        events = case.person.events(case.truth, case.window.first, case.window.end, 3)
        readings = case.person.readings(case.truth, case.window.first, case.window.end, 2)
        if len(events) == 3 and len(readings) == 2:
            mixed.append(ask(case, readings, events))
    wrongly = sum(each.found.certainty is Certainty.CERTAIN and not each.is_first for each in alone)
    below = sum(each.found.certainty is Certainty.CERTAIN and each.found.lead <= 4 for each in [*alone, *mixed])
    rows = (("6 events", *_figures(alone)), ("3 events and 2 readings", *_figures(mixed)))
    notes = (f"Events alone: certain and wrong {wrongly} times; certain with a lead of 4 nats or less {below} times.",)
    return Table(f"{played.game}: keys pressed at events in 180 s of play", _COLUMNS, rows, notes), [*alone, *mixed]


def certainty_table(outcomes: Sequence[Outcome]) -> Table:
    """Show how often the first candidate is right, by what it is called."""
    rows = []
    for certainty in Certainty:
        those = [each for each in outcomes if each.found.candidates and each.found.certainty is certainty]
        rows.append((str(certainty), str(share_of(each.is_first for each in those)), _exact(those)))
    wrong = [
        f"{each.case.window.played.game}: {each.case.name}, {each.labels} labels, lead {each.found.lead:.1f}"
        for each in outcomes
        if each.found.candidates and each.found.certainty is Certainty.CERTAIN and not each.is_first
    ]
    notes = (f"Certain and wrong: {'; '.join(sorted(wrong))}.",) if wrong else ()
    return Table("Certainty, over all queries of these tables", ("called", "right", "exactly"), tuple(rows), notes)


def time_table(outcomes: Sequence[Outcome]) -> Table:
    """Show what queries cost on the stretches of these tables; `tests/bench` has those on an hour."""
    later = sorted(1000 * each.seconds for each in outcomes)
    row = (f"{median(later):.0f} ms", f"{later[len(later) * 99 // 100]:.0f} ms", str(len(later)))
    return Table("Processor time of a query with one label more or anew", ("median", "p99", "queries"), (row,))


def ask(case: Case, readings: Sequence[Reading], events: Sequence[Event]) -> Outcome:
    """Ask the finder, and look for the truth in its answer."""
    started = time.process_time()
    found = case.finder.find(_query(case, readings, events))
    seconds = time.process_time() - started
    address = case.window.address(case.truth, [*(each.number for each in readings), *(each.number for each in events)])
    place = next(
        (
            place
            for place, candidate in enumerate(found.candidates[:_AMONG])
            if address in {candidate.address, *(mirror.address for mirror in candidate.mirrors)}
        ),
        None,
    )
    is_exact = bool(found.candidates) and found.candidates[0].address == address
    return Outcome(case, len(readings) + len(events), found, address, place, is_exact, seconds)


_COLUMNS = ("given", "first", "among five", "first, exactly the address")


def _figures(outcomes: Sequence[Outcome]) -> tuple[str, str, str]:
    return _first(outcomes), str(share_of(each.place is not None for each in outcomes)), _exact(outcomes)


def _first(outcomes: Sequence[Outcome] | Iterator[Outcome]) -> str:
    return str(share_of(each.is_first for each in outcomes))


def _exact(outcomes: Sequence[Outcome]) -> str:
    return str(share_of(each.is_exact for each in outcomes))


def _query(case: Case, readings: Sequence[Reading], events: Sequence[Event]) -> Query:
    return Query(case.name, tuple(sorted(readings, key=lambda each: each.number)), tuple(events))


def _cases(
    played: Played,
    seconds: float,
    every: float,
    most: int,
    seed: int,
    variables: Callable[[Window], Iterator[tuple[str, Truth]]],
) -> Iterator[Case]:
    """Yield people who look for variables, as many in each window as are due; a variable may be looked for again."""
    chance = Random(seed)
    windows = [(window, list(variables(window))) for window in windows_of(played, seconds, every)]
    windows = [(window, each) for window, each in windows if each]
    total = sum(len(each) for _, each in windows)
    for window, each in windows:
        finder = Finder(window.history)
        due = max(1, round(most * len(each) / total))
        order = chance.sample(each, len(each))
        for number in range(due):
            name, truth = order[number % len(order)]
            yield Case(window, name, truth, finder, Person(Random(chance.random())))
