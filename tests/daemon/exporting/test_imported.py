"""The original's logs all the way to a dataset: play that nothing breaks is one episode."""

from pathlib import Path

import minari
import pyarrow.parquet as pq
import pytest

from daemon.importing.csv_import import ImportOptions, import_log
from protocol.session.reader import SessionReader, open_session
from tests.daemon.exporting.recordings import export_dataset
from tests.daemon.importing.made import log_row, write_log, write_snapshots
from tests.fakes.original_session import make_converter_session

SETS = 12


def imported(folder: Path, rows: list[str], num_frames: int) -> SessionReader:
    log = write_log(folder / "event_log.csv", rows)
    write_snapshots(folder / "snapshots", range(SETS))
    options = ImportOptions(logs=[log], output=folder / "data", session_name="run", num_frames=num_frames)
    import_log(options, lambda _more: None)
    return open_session(folder / "data" / "run")


@pytest.mark.parametrize("num_frames", [5, 6])
def test_sets_of_six_frames(tmp_path: Path, num_frames: int) -> None:
    rows = [log_row(frame // 6, frame, chunk_id=frame % 6, current_keys="A") for frame in range(6 * SETS)]
    manifest = export_dataset([imported(tmp_path, rows, num_frames)], "minari", tmp_path / "out")
    assert manifest["counts"]["episodes"] == 1
    (episode,) = minari.MinariDataset(tmp_path / "out")
    assert episode.actions.shape == (SETS - 1, num_frames, 10)
    assert episode.actions[:, :, 0].all()


def test_frames_without_a_row(tmp_path: Path) -> None:
    rows = [log_row(number, 5 * number + number % 5) for number in range(SETS)]
    manifest = export_dataset([imported(tmp_path, rows, 5)], "minari", tmp_path / "out")
    assert manifest["counts"]["episodes"] == 1
    (episode,) = minari.MinariDataset(tmp_path / "out")
    assert episode.infos["frame_set_id"].tolist() == list(range(SETS))


def test_a_savestate_ends_an_episode(tmp_path: Path) -> None:
    rows = [log_row(number, 5 * number if number < 7 else 5000 + 5 * number) for number in range(SETS)]
    manifest = export_dataset([imported(tmp_path, rows, 5)], "jsonl", tmp_path / "out")
    assert manifest["counts"]["episodes"] == 2


def test_a_session_of_a_later_converter_of_the_original(tmp_path: Path) -> None:
    session = open_session(make_converter_session(tmp_path))
    for name in ("parquet", "hf", "lerobot", "minari", "webdataset", "jsonl"):
        assert export_dataset([session], name, tmp_path / name)["counts"]["frame_sets"] == 3
    labels = pq.read_table(tmp_path / "parquet" / "annotations").to_pylist()
    assert [(row["context"], row["tags"]) for row in labels] == [("battle", ["alpha", "beta"])]
    rows = pq.read_table(tmp_path / "parquet" / "frame_sets").to_pylist()
    assert [row["buttons"] for row in rows] == ["A+Right"] * 3
