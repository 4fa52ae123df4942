from pathlib import Path

import pytest

from daemon.batch.exporters import Exporter
from daemon.export.exporters import DatasetExporter
from daemon.export.formats import FORMATS
from daemon.export.options import DatasetOptions
from tests.daemon.export.recordings import frame_sets, record


@pytest.mark.parametrize("name", FORMATS)
def test_each_format_has_an_exporter_that_tells_how_far_it_is(tmp_path: Path, name: str) -> None:
    session = record(tmp_path / "data", sets=list(frame_sets(5)))
    exporter: Exporter = DatasetExporter(name)
    done: list[int] = []
    exporter.export([session], tmp_path / "out", DatasetOptions(window=2, stride=2), done.append)
    assert sum(done) == 5
    assert (tmp_path / "out" / "dataset.json").is_file()
