"""The example that predicts contexts, on somebody's session that it has not seen."""

import runpy
import time
from collections.abc import Sequence
from pathlib import Path

from daemon.exporting.memory import MemoryForm
from daemon.exporting.options import DatasetOptions
from protocol.session.reader import SessionReader
from tests.daemon.exporting.recordings import export_dataset
from tests.learning.recorded import ROOT

FROM_PICTURES, WITH_MEMORY = 0.93, 0.97
SECONDS = 60


def test_contexts_of_a_session_that_was_held_out(
    tour: SessionReader, players: Sequence[SessionReader], tmp_path: Path
) -> None:
    export_dataset([tour, *players], "parquet", tmp_path / "parquet", DatasetOptions(memory=MemoryForm.WORDS))
    predict = runpy.run_path(str(ROOT / "docs" / "examples" / "predict_context.py"))["main"]
    began = time.process_time()
    found = predict([str(tmp_path / "parquet"), "--hold-out", players[-1].session_id])
    assert time.process_time() - began < SECONDS
    assert found["pictures"] >= FROM_PICTURES
    assert found["pictures and memory"] >= WITH_MEMORY
    assert found["the commonest context"] < FROM_PICTURES - 0.1
