"""The registry of export formats."""

from pathlib import Path

import pytest

from daemon.exporting.exporters import EXPORTERS, open_exporter
from daemon.exporting.options import DatasetOptions
from protocol.errors import SettingsError
from protocol.session.reader import SessionReader
from tests.daemon.exporting.recordings import frame_sets, record


@pytest.fixture
def session(tmp_path: Path) -> SessionReader:
    return record(tmp_path / "data", sets=list(frame_sets(5)))


@pytest.mark.parametrize("name", EXPORTERS)
def test_every_format_is_written_and_reports_its_progress(tmp_path: Path, session: SessionReader, name: str) -> None:
    done: list[int] = []
    open_exporter(name, [session], DatasetOptions(window=2, stride=2)).export(tmp_path / "out", done.append)
    assert sum(done) == 5
    assert any((tmp_path / "out").iterdir())


def test_an_unknown_format_is_answered_with_those_there_are(session: SessionReader) -> None:
    with pytest.raises(SettingsError, match=r"There is no format 'xls'; there are csv, parquet"):
        open_exporter("xls", [session], DatasetOptions())


def test_a_format_of_addresses_is_answered_with_its_command(session: SessionReader) -> None:
    with pytest.raises(SettingsError, match=r"wch is made of names.*gbatrace names export .* --format wch"):
        open_exporter("wch", [session], DatasetOptions())
