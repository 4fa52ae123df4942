"""LeRobot itself on an export with videos: each picture is its screenshot, after its tools as well."""

from pathlib import Path

import numpy as np
import pytest
import torch
from lerobot.datasets.lerobot_dataset import LeRobotDataset

from daemon.exporting.options import DatasetOptions, ImageMode
from protocol.session.reader import SessionReader
from protocol.session.screenshots import pixels
from tests.daemon.exporting.recordings import export_dataset
from tests.learning.recorded import record_tour
from tests.learning.test_lerobot import REPO, tool


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> SessionReader:
    return record_tour(tmp_path_factory.mktemp("data"), "video", frames=1500)


@pytest.fixture(scope="module")
def exported(session: SessionReader, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("lerobot") / "dataset"
    export_dataset([session], "lerobot", folder, DatasetOptions(images=ImageMode.VIDEO, max_episode=100))
    return folder


def assert_pictures(dataset: Path, session: SessionReader) -> None:
    loaded = LeRobotDataset(REPO, root=dataset, video_backend="pyav")
    for place in range(0, len(loaded), 9):
        row = loaded[place]
        image = (row["observation.image"] * 255).round().to(torch.uint8).permute(1, 2, 0).numpy()
        assert np.array_equal(image, pixels(session.screenshot(int(row["frame_set_id"])))), place


def test_each_picture_is_its_screenshot(exported: Path, session: SessionReader) -> None:
    assert_pictures(exported, session)


def test_shuffled_batches(exported: Path) -> None:
    loaded = LeRobotDataset(REPO, root=exported, video_backend="pyav")
    batch = next(iter(torch.utils.data.DataLoader(loaded, batch_size=8, shuffle=True)))
    assert batch["observation.image"].shape == (8, 3, 160, 240)


def test_an_episode_is_deleted_without_loss(exported: Path, session: SessionReader, tmp_path: Path) -> None:
    where = ("--repo_id", REPO, "--root", str(exported), "--new_root", str(tmp_path / "fewer"))
    what = ("--operation.type", "delete_episodes", "--operation.episode_indices", "[1]")
    tool(tmp_path, "lerobot-edit-dataset", *where, *what)
    assert_pictures(tmp_path / "fewer", session)
