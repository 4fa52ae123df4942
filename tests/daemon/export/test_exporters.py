from pathlib import Path

import pytest

from daemon.batch import exporters as port
from daemon.export import exporters
from daemon.export.options import DatasetOptions
from tests.daemon.export.recordings import frame_sets, record

ADAPTERS = [getattr(exporters, name) for name in exporters.__all__ if name != "DatasetExporter"]


@pytest.mark.parametrize("adapter", ADAPTERS)
def test_each_adapter_fits_the_port(tmp_path: Path, adapter: type[exporters.DatasetExporter]) -> None:
    session = record(tmp_path / "data", sets=list(frame_sets(5)))
    exporter: port.Exporter = adapter()
    done: list[int] = []
    exporter.export([session], tmp_path / "out", DatasetOptions(window=2, stride=2), done.append)
    assert sum(done) == 5
    assert (tmp_path / "out" / "dataset.json").is_file()
