"""A goal all the way into datasets: reward and end in every format."""

import json
from pathlib import Path
from typing import Any

import minari
import pyarrow.parquet as pq
import pytest
import webdataset

from daemon.exporting.goal_files import read_goal
from daemon.exporting.options import DatasetOptions
from daemon.exporting.variables import VariableChoice
from daemon.names.book_files import edit_book, rom_place
from daemon.names.named_address import NamedAddress
from protocol.errors import GoalError
from protocol.session.annotations import Annotations
from protocol.session.reader import SessionReader
from tests.daemon.exporting.recordings import export_dataset, frame_sets, record

GOAL = {"reward": "count.delta * 2", "done": "count == 4", "reset_on": "scene title"}
SETS = 8

pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> SessionReader:
    """After set n, count is n + 1; set 7 is the title."""
    data = tmp_path_factory.mktemp("goal")
    session = record(data, sets=list(frame_sets(SETS)), labels={7: Annotations(scene="title")})
    names = [NamedAddress("count", 0x0300_0010, "u16")]
    edit_book(rom_place(data, "AB" * 20), lambda book: (book.own.with_names(names), None))
    (data / "goal.json").write_text(json.dumps(GOAL), encoding="utf-8")
    return session


def options(session: SessionReader, **more: Any) -> DatasetOptions:
    return DatasetOptions(goal=session.folder.path.parent / "goal.json", **more)


def rows(export_format: str, out: Path) -> list[dict[str, Any]]:
    match export_format:
        case "parquet":
            return pq.read_table(out / "frame_sets").to_pylist()  # type: ignore[no-any-return]
        case "hf":
            return pq.read_table(out / "data").to_pylist()  # type: ignore[no-any-return]
        case "webdataset":
            shard = str(next(out.glob("all/*.tar")))
            return [json.loads(sample["json"]) for sample in webdataset.WebDataset(shard, shardshuffle=False)]
        case _:
            lines = (out / "all" / "session.jsonl").read_text(encoding="utf-8").splitlines()
            return [json.loads(line)["inputs"][0] for line in lines]


@pytest.mark.parametrize("export_format", ["parquet", "hf", "webdataset", "jsonl"])
def test_rows(session: SessionReader, export_format: str, tmp_path: Path) -> None:
    chosen = options(session, variables=VariableChoice.NONE, window=1, stride=1)
    manifest = export_dataset([session], export_format, tmp_path / "out", chosen)
    found = rows(export_format, tmp_path / "out")
    assert [row["reward"] for row in found] == [0, 2, 2, 2, 0, 2, 2, 0]
    assert [row["done"] for row in found] == [False] * 3 + [True] + [False] * 4
    assert [row["reset"] for row in found] == [False] * 7 + [True]
    assert manifest["goal"] == GOAL
    assert manifest["counts"]["episodes"] == 3


def test_minari(session: SessionReader, tmp_path: Path) -> None:
    export_dataset([session], "minari", tmp_path / "out", options(session))
    first, second = minari.MinariDataset(tmp_path / "out")
    assert (first.rewards.tolist(), second.rewards.tolist()) == ([2, 2, 2], [2, 2])
    assert (first.terminations.tolist(), first.truncations.tolist()) == ([False, False, True], [False] * 3)
    assert (second.terminations.tolist(), second.truncations.tolist()) == ([False] * 2, [False, True])
    assert second.infos["frame_set_id"].tolist() == [4, 5, 6]
    assert second.infos["scene"].tolist() == [""] * 3


def test_lerobot(session: SessionReader, tmp_path: Path) -> None:
    export_dataset([session], "lerobot", tmp_path / "out", options(session))
    steps = pq.read_table(tmp_path / "out" / "data").to_pylist()
    assert [(row["frame_set_id"], row["next.reward"], row["next.done"]) for row in steps] == [
        (0, 2, False),
        (1, 2, False),
        (2, 2, True),
        (4, 2, False),
        (5, 2, False),
    ]


def test_a_name_that_there_is_not_is_refused(session: SessionReader, tmp_path: Path) -> None:
    file = tmp_path / "goal.json"
    file.write_text('{"reward": "coin"}', encoding="utf-8")
    with pytest.raises(GoalError, match=r"has 'coin', which is no name of memory of these games; is 'count' meant"):
        export_dataset([session], "jsonl", tmp_path / "out", DatasetOptions(goal=file))


def test_without_a_file_the_game_config_counts(tmp_path: Path) -> None:
    session = record(tmp_path, sets=list(frame_sets(2)))
    assert read_goal([session], None) is None
    document = json.loads(session.folder.metadata.read_text(encoding="utf-8"))
    document["game_config"] = "tiny.json"
    document["game_config_content"] = {"game": "Tiny Game", "goal": {"done": "count == 1"}}
    session.folder.metadata.write_text(json.dumps(document), encoding="utf-8")
    found = read_goal([SessionReader(session.folder)], None)
    assert found is not None
    assert found[0] == {"done": "count == 1"}
