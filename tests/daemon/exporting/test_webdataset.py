from dataclasses import replace
from pathlib import Path

import datasets
import numpy as np
import pytest
import webdataset

from daemon.exporting import webdataset as ours
from daemon.exporting.options import DatasetOptions, ImageMode
from daemon.exporting.recoding import pixels
from protocol.session.annotations import Annotations
from tests.daemon.exporting.recordings import BUTTONS, export_dataset, frame_sets, record, screenshot

pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
"""webdataset leaves the closing of its files to the garbage collector."""


def test_webdataset_reads_samples_from_the_shards(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ours, "SHARD_SETS", 4)
    labels = {3: Annotations(context="battle", tags=("boss",))}
    session = record(tmp_path / "data", "play.1", list(frame_sets(10)), labels)
    export_dataset([session], "webdataset", tmp_path / "out")

    shards = sorted(map(str, (tmp_path / "out" / "all").glob("*.tar")))
    samples = list(webdataset.WebDataset(shards, shardshuffle=False).decode("rgb8"))

    assert len(shards) == 3
    assert [sample["__key__"] for sample in samples] == [f"play.1/{number:010d}" for number in range(10)]
    sample = samples[3]
    assert (sample["png"] == pixels(screenshot(1))).all()
    assert sample["json"]["labels"]["context"] == "battle"
    assert sample["json"]["keys"] == ["Up"] * 5
    assert sample["json"]["buttons"] == [1 << BUTTONS.index("Up")] * 5
    region, _, address, _, _, freq = sample["npy"]
    assert address.tolist() == [0x0300_0010, 0x0200_0100, 0x0200_0104]
    assert [sample["json"]["regions"][number] for number in region] == ["iwram", "ewram", "ewram"]
    assert (freq.dtype, samples[0]["npy"].shape) == (np.uint32, (6, samples[0]["npy"].shape[1]))
    assert (sample["json"]["labelled"], samples[0]["json"]["labelled"]) == (True, False)


def test_screenshots_can_stay_where_they_are(tmp_path: Path) -> None:
    session = record(tmp_path / "data", sets=list(frame_sets(2)))
    export_dataset([session], "webdataset", tmp_path / "out", DatasetOptions(images=ImageMode.PATHS))
    (first, _) = webdataset.WebDataset(
        str(tmp_path / "out" / "all" / "session-000000.tar"), shardshuffle=False
    ).decode()
    assert "png" not in first
    assert (tmp_path / "data" / first["json"]["image"]).is_file()


def test_hugging_face_datasets_loads_the_shards(tmp_path: Path) -> None:
    labels = {8: Annotations(context="battle", tags=("boss", "night"))}
    name = "家" * 60
    quiet = [replace(item, changes=()) for item in frame_sets(6)]
    session = record(tmp_path / "data", name, [*quiet, *list(frame_sets(10))[6:]], labels)
    export_dataset([session], "webdataset", tmp_path / "out")
    shards = [str(path) for path in (tmp_path / "out").glob("*/*.tar")]
    loaded = datasets.load_dataset(
        "webdataset", data_files={"train": shards}, split="train", cache_dir=str(tmp_path / "cache")
    )
    assert len(loaded) == 10
    assert [len(row) for row in loaded[0]["npy"]] == [0] * 6
    assert loaded[8]["npy"][2] == session.frame_set(8).changes[0].addresses.tolist() + [
        address for scan in session.frame_set(8).changes[1:] for address in scan.addresses.tolist()
    ]
    assert loaded[8]["json"]["labels"]["tags"] == "boss\nnight"
    assert loaded[8]["__key__"].startswith(name)
