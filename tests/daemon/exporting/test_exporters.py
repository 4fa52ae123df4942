from pathlib import Path

import pytest

from daemon.exporting.exporters import DatasetExporter
from daemon.exporting.formats import FORMATS
from daemon.exporting.options import DatasetOptions
from daemon.exporting.registry import Exporter
from tests.daemon.exporting.recordings import frame_sets, record


@pytest.mark.parametrize("name", FORMATS)
def test_each_format_has_an_exporter_that_tells_how_far_it_is(tmp_path: Path, name: str) -> None:
    session = record(tmp_path / "data", sets=list(frame_sets(5)))
    exporter: Exporter = DatasetExporter(name)
    done: list[int] = []
    exporter.export([session], tmp_path / "out", DatasetOptions(window=2, stride=2), done.append)
    assert sum(done) == 5
    assert (tmp_path / "out" / "dataset.json").is_file()
