"""Older screenshots that frame sets carry: never taken for what the player saw."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import minari
import pyarrow.parquet as pq
import pytest
import webdataset

from daemon.exporting.options import DatasetOptions
from daemon.exporting.pictures import OldPictures, picture_from, without_old_pictures
from protocol.session.flaws import NO_SCREENSHOT, UNDRAWN, borrowed_flaw
from protocol.session.frame_set import FrameSet
from protocol.session.reader import SessionReader
from tests.daemon.exporting.recordings import export_dataset, frame_sets, record

SETS, BORROWED, ORIGIN = 6, 3, 2

pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")


def played() -> list[FrameSet]:
    sets = list(frame_sets(SETS))
    flaws = (NO_SCREENSHOT, borrowed_flaw(ORIGIN))
    sets[BORROWED] = replace(sets[BORROWED], flaws=flaws, png=sets[ORIGIN].png)
    return sets


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> SessionReader:
    return record(tmp_path_factory.mktemp("pictures"), sets=played())


def test_a_flaw_says_whose_screenshot_it_is() -> None:
    sets = played()
    assert [picture_from(item, has_screenshot=True) for item in sets] == [0, 1, 2, 2, 4, 5]
    assert picture_from(replace(sets[0], png=b"", flaws=(NO_SCREENSHOT,)), has_screenshot=False) == -1


def test_a_picture_of_its_own_that_may_be_late_is_its_own() -> None:
    assert picture_from(replace(played()[1], flaws=(UNDRAWN,)), has_screenshot=True) == 1


def test_dropped_pictures_are_gone() -> None:
    sets, pictures = without_old_pictures(played(), [0, 1, 2, 2, 4, 5])
    assert [bool(item.png) for item in sets] == [True, True, True, False, True, True]
    assert pictures == [0, 1, 2, -1, 4, 5]


def rows(export_format: str, out: Path) -> Iterator[tuple[dict[str, Any], bool]]:
    """Each frame set's row and whether there is a picture with it."""
    if export_format == "parquet":
        for row in pq.read_table(out / "frame_sets").to_pylist():
            yield row, row["image"] is not None
    elif export_format == "hf":
        for row in pq.read_table(out / "data").to_pylist():
            yield row, row["image"] is not None
    else:
        for sample in webdataset.WebDataset(str(next(out.glob("all/*.tar"))), shardshuffle=False):
            yield json.loads(sample["json"]), "png" in sample


@pytest.mark.parametrize("export_format", ["parquet", "hf", "webdataset"])
@pytest.mark.parametrize("choice", OldPictures)
def test_rows(session: SessionReader, export_format: str, choice: OldPictures, tmp_path: Path) -> None:
    options = DatasetOptions(old_pictures=choice)
    export_dataset([session], export_format, tmp_path / "out", options)
    found = list(rows(export_format, tmp_path / "out"))
    kept = choice is OldPictures.KEEP
    assert [row["picture_from"] for row, _ in found] == [0, 1, 2, ORIGIN if kept else -1, 4, 5]
    assert [has_picture for _, has_picture in found] == [True] * BORROWED + [kept] + [True] * 2
    assert [row["whole"] for row, _ in found] == [number != BORROWED for number in range(SETS)]
    assert borrowed_flaw(ORIGIN) in found[BORROWED][0]["flaws"]


def test_examples_of_jsonl(session: SessionReader, tmp_path: Path) -> None:
    export_dataset([session], "jsonl", tmp_path / "out", DatasetOptions(window=SETS))
    (line,) = (tmp_path / "out" / "all" / "session.jsonl").read_text(encoding="utf-8").splitlines()
    inputs = json.loads(line)["inputs"]
    assert [step["picture_from"] for step in inputs] == [0, 1, 2, -1, 4, 5]
    assert inputs[BORROWED]["flaws"] == [NO_SCREENSHOT, borrowed_flaw(ORIGIN)]


@pytest.mark.parametrize(
    ("choice", "episodes"), [(OldPictures.DROP, [[0, 1, 2], [4, 5]]), (OldPictures.KEEP, [[0, 1, 2, 3, 4, 5]])]
)
def test_steps(session: SessionReader, choice: OldPictures, episodes: list[list[int]], tmp_path: Path) -> None:
    options = DatasetOptions(old_pictures=choice)
    export_dataset([session], "minari", tmp_path / "minari", options)
    read = list(minari.MinariDataset(tmp_path / "minari"))
    assert [episode.infos["frame_set_id"].tolist() for episode in read] == episodes
    assert all(
        (episode.infos["picture_from"] == episode.infos["frame_set_id"]).all() == (choice is OldPictures.DROP)
        for episode in read
    )
    export_dataset([session], "lerobot", tmp_path / "lerobot", options)
    steps = pq.read_table(tmp_path / "lerobot" / "data").to_pylist()
    assert [row["frame_set_id"] for row in steps] == [number for episode in episodes for number in episode[:-1]]
    assert [row["whole"] for row in steps] == [row["picture_from"] == row["frame_set_id"] for row in steps]
