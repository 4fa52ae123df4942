"""Exports whose sessions are written apart: equal to the byte with those written one after the other."""

import pickle
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from daemon.exporting.buttons import Buttons
from daemon.exporting.engines import Engine
from daemon.exporting.exporters import open_exporter
from daemon.exporting.memory import MemoryForm
from daemon.exporting.options import DatasetOptions
from daemon.exporting.session_task import logged_combinations
from daemon.exporting.split import SplitBy, SplitPlan
from protocol.errors import ExportError
from protocol.session.reader import SessionReader
from tests.daemon.exporting.recordings import frame_sets, record

PER_SESSION = ["parquet", "hf", "webdataset", "jsonl", "csv"]


class ApartEngine:
    """Engine in this process that sends everything through pickle, and does every task twice."""

    def __init__(self) -> None:
        self.tasks = 0

    def results(self, task: Callable[[Any], Any], items: Sequence[Any]) -> Iterator[Any]:
        for item in items:
            self.tasks += 1
            for _ in range(2):
                done = pickle.loads(pickle.dumps(pickle.loads(pickle.dumps(task))(pickle.loads(pickle.dumps(item)))))
            yield done


@pytest.fixture
def sessions(tmp_path: Path) -> list[SessionReader]:
    """Sessions that come to their combinations in different orders."""
    data = tmp_path / "data"
    return [
        record(data, "one", list(frame_sets(12))),
        record(data, "two", list(frame_sets(12, first=3))),
        record(data, "three", list(frame_sets(1, first=4)) + list(frame_sets(10, first=5, frame=2000))),
    ]


def files(folder: Path) -> dict[str, bytes]:
    paths = [path for path in folder.rglob("*") if path.is_file()]
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


@pytest.mark.parametrize("export_format", PER_SESSION)
def test_sessions_written_apart_make_the_same_dataset(
    tmp_path: Path, sessions: list[SessionReader], export_format: str
) -> None:
    options = DatasetOptions(split=SplitPlan(by=SplitBy.SESSION), memory=MemoryForm.WORDS)
    engine, seen = ApartEngine(), list[int]()
    as_engine: Engine = engine
    open_exporter(export_format, sessions, options).export(tmp_path / "together", lambda _more: None)
    open_exporter(export_format, sessions, options).export(tmp_path / "apart", seen.append, as_engine)
    together, apart = files(tmp_path / "together"), files(tmp_path / "apart")
    assert apart.keys() == together.keys()
    assert [name for name in together if together[name] != apart[name]] == []
    assert engine.tasks == (3 if export_format == "csv" else 6)
    assert sum(seen) == 35


@pytest.mark.parametrize("export_format", ["lerobot", "minari"])
def test_formats_that_number_episodes_over_all_sessions_are_refused(
    tmp_path: Path, sessions: list[SessionReader], export_format: str
) -> None:
    exporter = open_exporter(export_format, sessions, DatasetOptions())
    with pytest.raises(ExportError, match="without --engine"):
        exporter.export(tmp_path / "out", lambda _more: None, ApartEngine())
    assert not (tmp_path / "out").exists()


def test_an_interrupted_export_goes_on_with_what_is_missing(tmp_path: Path, sessions: list[SessionReader]) -> None:
    class Interrupted(ApartEngine):
        def results(self, task: Callable[[Any], Any], items: Sequence[Any]) -> Iterator[Any]:
            for number, result in enumerate(super().results(task, items)):
                if self.tasks > 3 and number == 2:
                    raise KeyboardInterrupt
                yield result

    open_exporter("parquet", sessions, DatasetOptions()).export(tmp_path / "together", lambda _more: None)
    with pytest.raises(KeyboardInterrupt):
        open_exporter("parquet", sessions, DatasetOptions()).export(tmp_path / "out", lambda _: None, Interrupted())
    engine = ApartEngine()
    open_exporter("parquet", sessions, DatasetOptions()).export(tmp_path / "out", lambda _more: None, engine)
    assert engine.tasks == 2
    assert files(tmp_path / "out") == files(tmp_path / "together")


def test_combinations_come_from_the_log_where_it_has_every_frame(sessions: list[SessionReader]) -> None:
    session, buttons = sessions[0], Buttons()
    found = logged_combinations(session, session.frame_set_ids(), buttons)
    a, right = buttons.bits("A"), buttons.bits("Right")
    held = [0, a, a | right, buttons.bits("Up"), buttons.bits("B")]
    assert found is not None
    assert list(found) == [str(bits) for bits in held]
    assert sum(found.values()) == 60


def test_they_do_not_where_a_frame_set_is_shorter(tmp_path: Path) -> None:
    sets = list(frame_sets(3))
    object.__setattr__(sets[1], "frames", sets[1].frames[:2])
    session = record(tmp_path, "short", sets)
    assert logged_combinations(session, session.frame_set_ids(), Buttons()) is None
