"""Frame sets on their way into a log, a batch at a time."""

from pathlib import Path

import pytest

from daemon.exporting.log_export import ExportTools, open_work
from daemon.importing.csv_log import parse_rows
from protocol.errors import SessionError, StoreError
from protocol.session.annotations import Annotations
from tests.daemon.importing.made import frame_set, make_session, scan
from tests.fakes.pictures import png


@pytest.fixture
def tools(tmp_path: Path) -> ExportTools:
    sets = [
        (frame_set(number, [scan("iwram", 5 * number, [0x0300_0000])]), Annotations(context=str(number)), ())
        for number in range(4)
    ]
    session = make_session(tmp_path, "run", (sets, []))
    (tmp_path / "snapshots").mkdir()
    return ExportTools(session.folder.path, tmp_path / "snapshots")


def test_a_batch_has_its_rows_its_screenshots_and_what_stands_beside(tools: ExportTools) -> None:
    part = open_work(tools)([1, 2])
    rows, faults = parse_rows(part.rows)
    assert (rows.frame_set.tolist(), faults) == ([1, 2], [])
    assert [b'"context":"%d"' % number in line for number, line in enumerate(part.beside.splitlines(), 1)] == [True] * 2
    assert {path.name: path.read_bytes() for path in tools.snapshots.iterdir()} == {"1.png": png(1), "2.png": png(2)}
    assert part.frame_sets == 2


def test_what_is_damaged_or_refused_is_told(tools: ExportTools) -> None:
    export = open_work(tools)
    (tools.session / "3" / "event.json").write_bytes(b"{")
    with pytest.raises(SessionError, match=r"event\.json is damaged"):
        export([3])
    (tools.snapshots / "0.png").mkdir()
    with pytest.raises(StoreError, match=r"0\.png cannot be written"):
        export([0])
