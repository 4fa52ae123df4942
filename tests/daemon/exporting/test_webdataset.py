import io
from dataclasses import replace
from pathlib import Path
from typing import Any

import datasets
import numpy as np
import pytest
import webdataset

from daemon.exporting import webdataset as ours
from daemon.exporting.dataset_check import dataset_problems
from daemon.exporting.memory import MemoryForm
from daemon.exporting.options import DatasetOptions, ImageMode
from protocol.session.annotations import Annotations
from protocol.session.frame_set import FrameSet
from protocol.session.reader import open_session
from protocol.session.screenshots import pixels
from tests.daemon.exporting.recordings import BUTTONS, export_dataset, frame_sets, record, screenshot, without_png
from tests.daemon.exporting.test_video import decoded

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


class TestClips:
    """Samples of several frame sets with their screenshots as video."""

    def clips(self, folder: Path, sets: list[FrameSet], **options: Any) -> list[dict[str, Any]]:
        session = record(folder / "data", sets=sets)
        chosen = DatasetOptions(images=ImageMode.VIDEO, max_episode=6, **options)
        export_dataset([session], "webdataset", folder / "out", chosen)
        assert list(dataset_problems(folder / "out")) == []
        shards = sorted(map(str, (folder / "out").glob("*/*.tar")))
        return list(webdataset.WebDataset(shards, shardshuffle=False).decode())

    def test_each_frame_set_shows_its_screenshot(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(ours, "SHARD_SETS", 8)
        sets = list(frame_sets(20))
        sets[4] = without_png(sets[4])
        sets[9:] = [without_png(item) for item in sets[9:12]] + sets[12:]
        clips = self.clips(tmp_path, sets)
        described = [item for clip in clips for item in clip["json"]["frame_sets"]]
        assert [item["frame_set_id"] for item in described] == list(range(20))
        assert [clip["__key__"] for clip in clips] == [f"session/{number:010d}" for number in (0, 6, 12, 18)]
        for clip in clips:
            frames = [image for _, image in decoded(io.BytesIO(clip["mp4"]))]
            shown = [item for item in clip["json"]["frame_sets"] if item["video_frame"] != -1]
            assert [item["video_frame"] for item in shown] == list(range(len(frames)))
            for item, image in zip(shown, frames, strict=True):
                assert np.array_equal(image, pixels(sets[item["frame_set_id"]].png))
        assert [item["frame_set_id"] for item in described if item["video_frame"] == -1] == [4, 9, 10, 11]

    def test_changes_and_labels_are_those_of_each_frame_set(self, tmp_path: Path) -> None:
        sets = list(frame_sets(10))
        clip = self.clips(tmp_path, sets)[1]
        ends = np.cumsum([item["changes"] for item in clip["json"]["frame_sets"]])
        assert ends[-1] == clip["npy"].shape[1]
        for item, rows in zip(sets[6:], np.split(clip["npy"], ends[:-1], axis=1), strict=True):
            assert rows[2].tolist() == [address for scan in item.changes for address in scan.addresses.tolist()]

    def test_clips_end_where_play_breaks_and_without_pictures_have_no_video(self, tmp_path: Path) -> None:
        sets = [*map(without_png, frame_sets(3)), *frame_sets(3, first=3, frame=9000)]
        clips = self.clips(tmp_path, sets)
        assert [("mp4" in clip, len(clip["json"]["frame_sets"])) for clip in clips] == [(False, 3), (True, 3)]

    def test_clips_end_where_the_window_was_resized(self, tmp_path: Path) -> None:
        sets = [
            replace(item, png=screenshot(item.frame_set_id, (24, 16 + item.frame_set_id // 4 * 2)))
            for item in frame_sets(6)
        ]
        clips = self.clips(tmp_path, [sets[0], without_png(sets[1]), *sets[2:4], without_png(sets[4]), sets[5]])
        assert [[item["frame_set_id"] for item in clip["json"]["frame_sets"]] for clip in clips] == [
            [0, 1, 2, 3, 4],
            [5],
        ]
        assert [len(list(decoded(io.BytesIO(clip["mp4"])))) for clip in clips] == [3, 1]

    @pytest.mark.parametrize("form", [MemoryForm.DENSE, MemoryForm.WORDS, MemoryForm.KEYFRAMES])
    def test_memory_has_a_row_for_each_that_has_any(self, tmp_path: Path, form: MemoryForm) -> None:
        sets = list(frame_sets(9))
        (both, clips) = tmp_path / "both", self.clips(tmp_path, sets, memory=form)
        export_dataset([open_session(tmp_path / "data" / "session")], "webdataset", both, DatasetOptions(memory=form))
        apart = list(webdataset.WebDataset(str(next(both.glob("*/*.tar"))), shardshuffle=False).decode())
        rows = [
            clip["memory.npy"][item["memory_row"]] if item["memory_row"] != -1 else None
            for clip in clips
            for item in clip["json"]["frame_sets"]
        ]
        for row, sample in zip(rows, apart, strict=True):
            assert ("memory.npy" in sample) == (row is not None)
            assert row is None or np.array_equal(row, sample["memory.npy"])
