"""Sessions at rest: import, export, verify; opening and filtering a long one."""

import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from daemon.exporting.exporters import EXPORTERS, Exporter, open_exporter
from daemon.exporting.options import DatasetOptions
from daemon.importing.csv_import import ImportOptions, import_log
from daemon.verifying.verify import verify_session
from protocol.session.layout import SessionFolder
from protocol.session.reader import SessionReader, open_session
from tests.bench import baseline_import, baseline_reading
from tests.bench.figures import Figure, spread
from tests.bench.long_session import CONTEXTS, make_long_session
from tests.bench.made_log import ROWS_PER_SET, make_log
from tests.bench.settings import BenchSettings
from webui.archive.index import INDEX_FILE, Index
from webui.archive.index_rows import SetFilter

__all__ = ["batch_bench"]

_SESSION = "long"
_PAGE = 200
"""Frame sets that the page asks for at once."""


def batch_bench(settings: BenchSettings) -> Iterator[Figure]:
    """Measure each piece of batch work side by side with the straightforward way to do it.

    Yields:
        The figures of import, exports, verify and the index.
    """
    sets = 20 if settings.quick else 2000
    log, snapshots = make_log(settings.work / "log", sets)
    yield _import(settings, log, snapshots, sets)
    data = settings.work / "imported"
    import_log(ImportOptions(logs=[log], output=data, snapshots=snapshots, session_name="made"), _ignore)
    session = open_session(data / "made")
    for name in EXPORTERS:
        yield _export(settings, name, open_exporter(name, [session], DatasetOptions()), session, sets)
    yield _verify(settings, session, sets)
    yield from _index(settings, 60 if settings.quick else 50_000)


def _import(settings: BenchSettings, log: Path, snapshots: Path, sets: int) -> Figure:
    ours, theirs = [], []
    for place in range(settings.rounds):
        output, plain = settings.work / f"ours-{place}", settings.work / f"theirs-{place}"
        options = ImportOptions(logs=[log], output=output, snapshots=snapshots)
        ours.append(_seconds(partial(import_log, options, _ignore)))
        theirs.append(_seconds(partial(baseline_import.convert, log, snapshots, plain)))
    return _rate("import of a log", "rows/s", sets * ROWS_PER_SET, ours, theirs)


def _export(settings: BenchSettings, name: str, exporter: Exporter, session: SessionReader, sets: int) -> Figure:
    ours, theirs = [], []
    for place in range(settings.rounds):
        target, log = settings.work / f"exported-{name}-{place}", settings.work / "rows.csv"
        ours.append(_seconds(partial(exporter.export, target, _ignore)))
        theirs.append(_seconds(partial(baseline_reading.write_rows, session.folder.path, log)))
    return _rate(f"export to {name}; baseline: rows alone", "sets/s", sets, ours, theirs)


def _verify(settings: BenchSettings, session: SessionReader, sets: int) -> Figure:
    ours, theirs = [], []
    for _ in range(settings.rounds):
        ours.append(_seconds(partial(verify_session, session.folder.path)))
        theirs.append(_seconds(partial(baseline_reading.read_everything, session.folder.path)))
    return _rate("verify; baseline: reading alone", "sets/s", sets, ours, theirs)


def _index(settings: BenchSettings, sets: int) -> Iterator[Figure]:
    data = settings.work / "long"
    folder = SessionFolder(data / _SESSION)
    make_long_session(folder, sets)
    wanted = SetFilter(values={"context": CONTEXTS[1]})
    rebuilt, opened, filtered, listed, plain = [], [], [], [], []
    for _ in range(settings.rounds):
        (data / INDEX_FILE).unlink(missing_ok=True)
        index = Index(data)
        rebuilt.append(_seconds(partial(_learn_all, index)))
        index.close()
        again = Index(data)
        opened.append(_seconds(partial(_open, again)))
        filtered.append(_seconds(partial(again.numbers, _SESSION, wanted)))
        listed.append(_seconds(partial(again.sets, _SESSION, wanted, _PAGE)))
        again.close()
        plain.append(_seconds(partial(baseline_reading.filter_sets, folder.path, CONTEXTS[1])))
    subject = f"a session of {sets:,} frame sets; baseline: reading each folder"
    yield _rate("index rebuild; baseline: one request without it", "sets/s", sets, rebuilt, plain)
    for measure, seconds in (("open", opened), ("filter", filtered), (f"list {_PAGE}", listed)):
        milliseconds, theirs = ([1000 * each for each in group] for group in (seconds, plain))
        yield Figure(subject, measure, "ms", spread(milliseconds), spread(theirs))


def _learn_all(index: Index) -> None:
    index.open_session(_SESSION)
    while index.learn_facts(_SESSION):
        pass


def _open(index: Index) -> None:
    index.open_session(_SESSION)
    index.snapshot(_SESSION)


def _rate(subject: str, unit: str, amount: int, ours: list[float], theirs: list[float]) -> Figure:
    rates, baseline = ([amount / seconds for seconds in group] for group in (ours, theirs))
    return Figure(subject, "throughput", unit, spread(rates), spread(baseline), more_is_better=True)


def _seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def _ignore(_more: int) -> None:
    pass
