"""Questions about recorded memory: the index of an hour, memory at any moment, filters and searches."""

import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial

import numpy as np

from daemon.analysis.filters import parse_filters
from daemon.analysis.history import History
from daemon.analysis.search import Search, SearchEngine, SearchFilter
from protocol.session.change_log import LogBlock, pack_block, read_blocks
from protocol.session.change_log_reader import logged_blocks
from protocol.session.layout import SessionFolder
from protocol.session.reader import open_session
from tests.bench import baseline_memories
from tests.bench.figures import Budget, Figure, spread
from tests.bench.recorded_hour import FRAMES, HOUR, REGIONS, busy_hour, demo_hour, log_of, write_folders
from tests.bench.settings import BenchSettings
from tests.daemon.analysis.searched import Searched

__all__ = ["analysis_bench"]

_BUDGETED = 3_500_000
"""Entries up to which the index is made from the log: as many as the demo game's real hour has changes."""

_CHECKSUM = slice(10, 26)
"""Of a block, in its header: the next block's covers it."""

_BASELINE = "baseline: memory rebuilt set by set"


def analysis_bench(settings: BenchSettings) -> Iterator[Figure]:
    """Measure processor time of questions about an hour of the demo game, and of a game that changes far more.

    Yields:
        The figures of the index and of what filters are made of.
    """
    sets = 300 if settings.quick else HOUR
    blocks = log_of(demo_hour(sets))
    yield from _index(settings, sets, blocks)
    history = History.of(REGIONS, FRAMES, blocks)
    yield _memory(settings, sets, blocks, history)
    yield from _primitives(settings, "demo game", blocks, history, Budget("median", 150))
    yield from _searches(settings, "demo game", blocks, history, Budget("median", 150), Budget("median", 300))
    busy = list(busy_hour(sets))
    history = History.of(REGIONS, FRAMES, busy)
    yield from _primitives(settings, "busy game", busy, history, Budget("median", 250))
    yield from _searches(settings, "busy game", busy, history, Budget("median", 250), Budget("median", 500))


def _index(settings: BenchSettings, sets: int, blocks: Sequence[LogBlock]) -> Iterator[Figure]:
    log, after, entries = b"", b"", 0
    logged: list[LogBlock] = []
    for block in blocks:
        packed = pack_block(block, after)
        log, after, entries = log + packed, packed[_CHECKSUM], entries + len(block.entry_words)
        logged.append(block)
        if entries >= _BUDGETED:
            break
    seconds = [_seconds(lambda: History.of(REGIONS, FRAMES, read_blocks(log))) for _ in range(settings.rounds)]
    yield Figure(
        _subject("demo game", logged), "index from the log", "s", spread(seconds), budgets=(Budget("median", 1.5),)
    )
    subject = _subject("demo game", blocks)
    folder = SessionFolder(settings.work / "old")
    write_folders(folder, demo_hour(sets))
    seconds = [_seconds(lambda: History.of(REGIONS, FRAMES, logged_blocks(open_session(folder.path))))]
    yield Figure(subject, "index from folders without a log", "s", spread(seconds), budgets=(Budget("median", 15),))


def _memory(settings: BenchSettings, sets: int, blocks: Sequence[LogBlock], history: History) -> Figure:
    moments = np.random.default_rng(1).integers(0, sets, 100).tolist()
    ours = [_milliseconds(partial(history.memory_at, moment)) for moment in moments]
    rebuild = partial(baseline_memories.memory_at, blocks, history.words)
    theirs = [_milliseconds(partial(rebuild, moment)) for moment in moments[: settings.rounds]]
    subject = f"{_subject('demo game', blocks)}; {_BASELINE}"
    return Figure(subject, "memory at a moment", "ms", spread(ours), spread(theirs), (Budget("p99", 10),))


def _primitives(
    settings: BenchSettings, game: str, blocks: Sequence[LogBlock], history: History, budget: Budget
) -> Iterator[Figure]:
    sets = len(history.timeline)
    first, last = sets // 10, sets // 10 * 7
    stretch = history.timeline.end_of(first), history.timeline.end_of(last)
    held = history.timeline.combinations[-1]
    is_held = history.timeline.keys == history.timeline.combinations.index(held)
    times = history.timeline.times_of_frames(is_held)
    subject = f"{_subject(game, blocks)}, 60 % of it; {_BASELINE}"
    changed = partial(baseline_memories.changed_bytes, blocks, history.words, first, last)
    counts = partial(baseline_memories.count_changes, blocks, history.words, first, last)
    questions: dict[str, tuple[Callable[[], object], Callable[[], object]]] = {
        "bytes that changed": (lambda: history.changed(*stretch), changed),
        "bytes that differed": (lambda: history.differed(*stretch), changed),
        "bytes that changed while a button was held": (
            lambda: history.changed_where(times, *stretch),
            changed,
        ),
        "changes of every value": (lambda: history.change_counts(*stretch).of(4), counts),
        "the same while a button was held": (lambda: history.change_counts(*stretch, times).of(4), counts),
    }
    for measure, (ours, theirs) in questions.items():
        mine = [_milliseconds(ours) for _ in range(3 * settings.rounds)]
        plain = [_milliseconds(theirs)]
        yield Figure(subject, measure, "ms", spread(mine), spread(plain), (budget,))


def _searches(
    settings: BenchSettings, game: str, blocks: Sequence[LogBlock], history: History, one: Budget, three: Budget
) -> Iterator[Figure]:
    """Measure whole searches, among all types at every offset: the filters, how many are left, the first candidates."""
    numbers = history.timeline.numbers
    first, last = numbers[len(numbers) // 10], numbers[len(numbers) // 10 * 7]
    held = history.timeline.combinations[-1] or "None"
    recording = Searched(history)
    changes = history.change_counts(-1, history.timeline.end_of(len(numbers) - 1)).of(1)
    often = history.address_of(int(np.argsort(changes)[-len(changes) // 500]))
    subject = f"{_subject(game, blocks)}; {_BASELINE}"
    compare = partial(baseline_memories.equal_values, blocks, history.words, int(numbers[-1]), 7)
    changed = partial(baseline_memories.changed_bytes, blocks, history.words, int(first), int(last))
    _search(SearchEngine(recording), "= 7")  # The first search counts all changes, for the order of candidates.
    filters: dict[str, Callable[[], object] | None] = {
        "= 7 @ last": compare,
        f"rose {first}..{last}": None,
        f"same {first}..{last}": changed,
        f"times >= 4 {first}..{last}": partial(
            baseline_memories.count_changes, blocks, history.words, int(first), int(last)
        ),
        f'only while "{held}"': None,
        f"changes with 0x{often:08X}": None,
    }
    for text, baseline in filters.items():
        spent = [_milliseconds(partial(_search, SearchEngine(recording), text)) for _ in range(settings.rounds)]
        theirs = spread([_milliseconds(baseline)]) if baseline else None
        yield Figure(subject, f"search: {text.partition(' ')[0]} {_kind(text)}", "ms", spread(spent), theirs, (one,))
    whole = f"same {first}..{last}; = 7 @ last; times <= 9"
    spent = [_milliseconds(partial(_search, SearchEngine(recording), whole)) for _ in range(settings.rounds)]
    yield Figure(subject, "search: three filters together", "ms", spread(spent), None, (three,))
    engine = SearchEngine(recording)
    _search(engine, whole)
    spent = [_milliseconds(partial(_search, engine, whole, off)) for off in (0, 1, 2) * settings.rounds]
    yield Figure(subject, "search: one of three switched off or on", "ms", spread(spent), None, (one,))


def _search(engine: SearchEngine, text: str, off: int | None = None) -> None:
    filters = (SearchFilter(each, place != off) for place, each in enumerate(parse_filters(text)))
    engine.search(Search(tuple(filters)))


def _kind(text: str) -> str:
    """Return what is searched, without the moments."""
    return {"=": "a number at the end", "changes": "another byte", "only": "buttons were held"}.get(
        text.partition(" ")[0], "over 60 %"
    )


def _subject(game: str, blocks: Sequence[LogBlock]) -> str:
    sets = sum(len(block.numbers) for block in blocks)
    entries = sum(len(block.entry_words) for block in blocks)
    return f"{game}, {sets:,} sets, {entries / 1e6:.1f} million entries"


def _milliseconds(work: Callable[[], object]) -> float:
    return 1000 * _seconds(work)


def _seconds(work: Callable[[], object]) -> float:
    """Measure processor time: the analysis has a process of its own, and waits for nothing."""
    started = time.process_time()
    work()
    return time.process_time() - started
