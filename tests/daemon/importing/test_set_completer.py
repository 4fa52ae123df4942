"""Frame sets of a log get screenshots, and what stands beside it."""

from pathlib import Path

import pytest

from daemon.exporting.csv_export import LOG, SNAPSHOTS, CsvExporter
from daemon.exporting.options import DatasetOptions
from daemon.importing.beside import Beside
from daemon.importing.set_completer import SetCompleter
from daemon.importing.snapshots import Snapshots
from protocol.session.annotations import Annotations, annotations_json
from protocol.session.flaws import NO_SCREENSHOT, borrowed_flaw
from tests.daemon.importing.made import frame_set, make_session, scan, write_snapshots
from tests.fakes.pictures import png


def test_sets_get_screenshots_and_flaws(tmp_path: Path) -> None:
    completer = SetCompleter(Snapshots(write_snapshots(tmp_path, [1, 9])), None)
    one, four, two = (
        completer.complete(frame_set(number, flaws=flaws)) for number, flaws in [(1, ()), (4, ("it is odd",)), (2, ())]
    )
    assert (one.frame_set.png, one.frame_set.flaws) == (png(1), ())
    assert (four.frame_set.png, four.frame_set.flaws) == (png(1), ("it is odd", NO_SCREENSHOT, borrowed_flaw(1)))
    assert (two.frame_set.png, two.frame_set.flaws) == (png(1), (NO_SCREENSHOT, borrowed_flaw(1)))
    assert not any(each.known or each.labels or each.sighted for each in (one, four, two))
    assert completer.unlogged(9) is None


@pytest.fixture
def exported(tmp_path: Path) -> Path:
    """A session as a log: its first set has a row there, its second none."""
    recorded = frame_set(0, [scan("iwram", 0, [0x0300_0000])], flaws=("it is odd",))
    sets = [(recorded, Annotations(context="battle"), (("iwram", 0),)), (frame_set(1), None, ())]
    session = make_session(tmp_path, "run", (sets, []))
    CsvExporter([session], DatasetOptions()).export(tmp_path / "logs", lambda _more: None)
    return tmp_path / "logs" / "run"


def test_what_stands_beside_the_log_is_what_was_recorded(exported: Path) -> None:
    beside = Beside((exported / LOG).with_suffix(".beside"))
    completer = SetCompleter(Snapshots(exported / SNAPSHOTS), beside)
    known = completer.complete(frame_set(0))
    assert (known.known, known.labels, known.sighted) == (
        True,
        annotations_json(Annotations(context="battle")),
        (("iwram", 0),),
    )
    assert (known.frame_set.flaws, known.frame_set.png) == (("it is odd",), png(0))
    alone = completer.unlogged(1)
    assert alone is not None
    assert (alone.known, alone.labels, alone.sighted) == (True, b"", ())
    assert (alone.frame_set.changes, alone.frame_set.png) == ((), png(1))
