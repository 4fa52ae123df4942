"""Blocks of a log become frame sets on disk, each by itself."""

from pathlib import Path

import pytest

from daemon.importing.block_import import BlockReport, ImportTools, open_work
from daemon.importing.log_blocks import Span, cut_logs
from protocol.errors import LogError
from protocol.session.integrity import SetChecksum, parse_checksum_line
from tests.daemon.importing.made import log_row, write_log, write_snapshots

ROWS = ["timestamp,region", log_row(4, 20, current_keys="x+F5"), log_row(4, 21), "odd", log_row(5, 25)]


@pytest.fixture
def tools(tmp_path: Path) -> ImportTools:
    log = write_log(tmp_path / "log.csv", ROWS)
    target = tmp_path / "session"
    target.mkdir()
    return ImportTools((log,), write_snapshots(tmp_path / "snapshots", [4]), None, {"A": "x"}, target)


def convert(tools: ImportTools) -> BlockReport:
    (block,) = cut_logs(tools.logs)
    return open_work(tools)(block)


def test_a_block_tells_what_it_found(tools: ImportTools) -> None:
    report = convert(tools)
    (part,) = report.parts
    assert (part.lines, part.rows, part.span.size) == (5, 3, tools.logs[0].stat().st_size)
    assert [(fault.line, fault.header) for fault in part.faults] == [(1, True), (4, False)]
    assert [(made.line, made.facts.number) for made in report.sets] == [(2, 4), (5, 5)]
    assert set(report.unknown_keys) == {"F5"}
    assert report.unreadable == {}
    assert tools.target is not None
    assert sorted(path.relative_to(tools.target).as_posix() for path in tools.target.rglob("*.*")) == [
        "4/4.png",
        "4/event.json",
        "5/5.png",
        "5/event.json",
    ]
    lines = [parse_checksum_line(made.checksums) for made in report.sets]
    assert [line.frame_set_id for line in lines if isinstance(line, SetChecksum)] == [4, 5]


def test_without_a_target_nothing_is_written(tools: ImportTools, tmp_path: Path) -> None:
    report = convert(ImportTools(tools.logs, tools.snapshots, None, {}, None))
    assert [made.checksums for made in report.sets] == [b"", b""]
    assert not list((tmp_path / "session").iterdir())


def test_a_log_that_is_gone_is_told(tools: ImportTools) -> None:
    work = open_work(tools)
    tools.logs[0].unlink()
    with pytest.raises(LogError, match=r"log\.csv cannot be read"):
        work((Span(0, 0, 10),))
