"""Values of named addresses in datasets, read by each format's own readers."""

import tarfile
from pathlib import Path
from typing import Any

import datasets
import minari
import numpy as np
import orjson
import pyarrow.parquet as pq
import pytest

from daemon.analysis.session_history import SessionHistory
from daemon.exporting.options import DatasetOptions
from daemon.exporting.variables import VariableChoice, Variables, values_after
from daemon.names.book_files import edit_book, rom_place
from daemon.names.named_address import NamedAddress, Scale
from protocol.session.reader import SessionReader
from tests.daemon.exporting.recordings import export_dataset, frame_sets, record

COUNT = NamedAddress("count", 0x0300_0010, "u16", note="counts up", watched=True)
"""After set n it is n + 1."""

HALF = NamedAddress("half", 0x0300_0010, "u8", Scale(0.5, 1, "px"))
WRITTEN = NamedAddress("written[0]", 0x0200_0100, "u32")
"""Known after the first write, in set 0; every third set writes n."""

NEVER = NamedAddress("never", 0x0300_7FF0, "s16")
ELSEWHERE = NamedAddress("elsewhere", 0x0600_0000, "u8")
NAMES = (WRITTEN, COUNT, HALF, NEVER)
SETS = 6


def values(number: int) -> dict[str, Any]:
    """Return the values after a frame set."""
    written = number // 3 * 3
    return {"written[0]": written, "count": number + 1, "half": (number + 1) * 0.5 + 1, "never": None}


@pytest.fixture
def session(tmp_path: Path) -> SessionReader:
    """A session whose game has names."""
    session = record(tmp_path / "data", sets=list(frame_sets(SETS)))
    edit_book(rom_place(tmp_path / "data", "AB" * 20), lambda book: (book.own.with_names(NAMES), None))
    return session


class TestColumns:
    def test_each_name_is_a_column_once(self) -> None:
        variables = Variables.of([(COUNT, HALF), (COUNT, WRITTEN)], VariableChoice.ALL)
        assert variables.columns == ["count", "half", "written[0]"]
        assert variables.whole == (True, False, True)

    def test_a_column_is_whole_where_it_is_in_every_game(self) -> None:
        other = NamedAddress("count", 0x0200_0000, "float32")
        assert Variables.of([(COUNT,), (other,)], VariableChoice.ALL).whole == (False,)

    def test_those_that_are_watched_or_none(self) -> None:
        assert Variables.of([NAMES], VariableChoice.WATCHED).columns == ["count"]
        assert len(Variables.of([NAMES], VariableChoice.NONE)) == 0

    def test_a_row_names_its_values(self) -> None:
        variables = Variables.of([NAMES], VariableChoice.ALL)
        (row,) = variables.rows(np.array([[3.0, 4.0, np.inf, np.nan]]))
        assert row == {"written[0]": 3, "count": 4, "half": None, "never": None}
        assert variables.as_maps()[2] == {
            "name": "half",
            "address": 0x0300_0010,
            "type": "u8",
            "status": "guess",
            "scale": {"factor": 0.5, "offset": 1, "unit": "px"},
        }


def test_values_are_those_after_each_frame_set(session: SessionReader) -> None:
    variables = Variables.of([(*NAMES, ELSEWHERE)], VariableChoice.ALL)
    names = {name.name: name for name in (*NAMES, ELSEWHERE)}
    history = SessionHistory(session).history
    found = values_after(history, [0, 2, 5, 99], variables, names).at(0, 4)
    rows = variables.rows(found)
    assert rows[:3] == [{**values(number), "elsewhere": None} for number in (0, 2, 5)]
    assert set(rows[3].values()) == {None}
    assert np.isnan(values_after(history, [0], variables, {}).at(0, 1)).all()


def test_values_of_a_part_are_a_part_of_all_values(session: SessionReader) -> None:
    variables = Variables.of([(*NAMES, ELSEWHERE)], VariableChoice.ALL)
    numbers = [0, 1, 2, 3, 70, 71]
    values = values_after(SessionHistory(session).history, numbers, variables, {name.name: name for name in NAMES})
    assert np.array_equal(
        np.concatenate([values.at(0, 1), values.at(1, 5), values.at(5, 6)]), values.at(0, 6), equal_nan=True
    )
    assert np.isnan(values.at(4, 6)).all()


class TestFormats:
    def test_parquet(self, session: SessionReader, tmp_path: Path) -> None:
        export_dataset([session], "parquet", tmp_path / "out")
        (path,) = (tmp_path / "out" / "frame_sets").rglob("*.parquet")
        table = pq.read_table(path, partitioning=None)
        assert table["variables"].to_pylist() == [values(number) for number in range(SETS)]
        half = table.schema.field("variables").type.field("half")
        assert (half.metadata[b"unit"], str(half.type)) == (b"px", "double")
        manifest = orjson.loads((tmp_path / "out" / "dataset.json").read_bytes())
        assert [row["name"] for row in manifest["variables"]] == [name.name for name in NAMES]
        assert manifest["options"]["variables"] == "all"

    def test_hugging_face(self, session: SessionReader, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(datasets.config, "HF_DATASETS_CACHE", tmp_path / "cache")
        datasets.disable_progress_bars()
        export_dataset([session], "hf", tmp_path / "out")
        rows = datasets.load_dataset(str(tmp_path / "out"))["train"]
        assert rows["variables"][:] == [values(number) for number in range(SETS)]
        assert "| half | 03000010 | u8 | px |" in (tmp_path / "out" / "README.md").read_text("utf-8")

    def test_lerobot(self, session: SessionReader, tmp_path: Path) -> None:
        export_dataset([session], "lerobot", tmp_path / "out")
        info = orjson.loads((tmp_path / "out" / "meta" / "info.json").read_bytes())
        assert info["features"]["variables"] == {
            "dtype": "float64",
            "shape": [4],
            "names": ["written[0]", "count", "half", "never"],
        }
        (path,) = (tmp_path / "out" / "data").rglob("*.parquet")
        table = pq.read_table(path)
        assert table["variables"].to_pylist()[4] == [3, 5, 3.5, 0]
        assert table["variables_known"].to_pylist()[4] == [True, True, True, False]
        stats = orjson.loads((tmp_path / "out" / "meta" / "stats.json").read_bytes())
        assert stats["variables"]["max"] == [3, 5, 3.5, 0]

    def test_lerobot_keeps_a_single_one_as_a_number(self, session: SessionReader, tmp_path: Path) -> None:
        export_dataset([session], "lerobot", tmp_path / "out", DatasetOptions(variables=VariableChoice.WATCHED))
        (path,) = (tmp_path / "out" / "data").rglob("*.parquet")
        assert pq.read_table(path)["variables"].to_pylist() == [1, 2, 3, 4, 5]

    def test_minari(self, session: SessionReader, tmp_path: Path) -> None:
        export_dataset([session], "minari", tmp_path / "out")
        found = minari.MinariDataset(tmp_path / "out")[0].infos["variables"]
        assert found.shape == (SETS, 4)
        assert found[4, :3].tolist() == [3, 5, 3.5]
        assert np.isnan(found[:, 3]).all()

    def test_webdataset(self, session: SessionReader, tmp_path: Path) -> None:
        export_dataset([session], "webdataset", tmp_path / "out")
        (path,) = (tmp_path / "out").rglob("*.tar")
        with tarfile.open(path) as tar:
            member = next(member for member in tar if member.name.endswith("4.json"))
            file = tar.extractfile(member)
            assert file is not None
            sample = orjson.loads(file.read())
        assert sample["variables"] == {**values(4), "never": 0}
        assert sample["unknown_variables"] == "never"

    def test_jsonl(self, session: SessionReader, tmp_path: Path) -> None:
        export_dataset([session], "jsonl", tmp_path / "out", DatasetOptions(window=2))
        (path,) = (tmp_path / "out").rglob("*.jsonl")
        example = orjson.loads(path.read_bytes().splitlines()[0])
        assert [step["variables"] for step in example["inputs"]] == [values(0), values(1)]

    @pytest.mark.parametrize("choice", [VariableChoice.NONE, VariableChoice.ALL])
    def test_without_names_nothing_changes(self, tmp_path: Path, choice: VariableChoice) -> None:
        session = record(tmp_path / "data", sets=list(frame_sets(SETS)))
        export_dataset([session], "parquet", tmp_path / "out", DatasetOptions(variables=choice))
        (path,) = (tmp_path / "out" / "frame_sets").rglob("*.parquet")
        assert "variables" not in pq.read_table(path, partitioning=None).column_names
        assert "variables" not in orjson.loads((tmp_path / "out" / "dataset.json").read_bytes())
