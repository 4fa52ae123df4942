"""LeRobot itself on the default export: its loader, its tools, and a policy that trains."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas
import pytest
import torch
from lerobot.datasets.lerobot_dataset import LeRobotDataset

from daemon.exporting.memory import MemoryForm
from daemon.exporting.options import DatasetOptions
from protocol.session.reader import SessionReader
from tests.daemon.exporting.recordings import export_dataset
from tests.learning.recorded import record_tour, write_goal

HEIGHT, WIDTH = 160, 240
REPO = "local/tour"


@pytest.fixture(scope="module")
def exported(data_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The default export, of the tour's first 25 seconds: LeRobot's statistics are slow."""
    session = record_tour(data_folder, "short", frames=1500)
    folder = tmp_path_factory.mktemp("lerobot") / "dataset"
    export_dataset([session], "lerobot", folder, DatasetOptions(max_episode=100))
    return folder


@pytest.fixture(scope="module")
def with_goal(tour: SessionReader, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An export with reward, end and memory."""
    folder = tmp_path_factory.mktemp("lerobot")
    options = DatasetOptions(goal=write_goal(folder), memory=MemoryForm.WORDS)
    export_dataset([tour], "lerobot", folder / "dataset", options)
    return folder / "dataset"


@pytest.fixture(params=["exported", "with_goal"])
def dataset(request: pytest.FixtureRequest) -> Path:
    path: Path = request.getfixturevalue(request.param)
    return path


def tool(home: Path, name: str, *words: str) -> str:
    """Run a command of LeRobot's, which keeps its data sets in `home`; gives what it tells."""
    command = [sys.executable, str(Path(sys.executable).with_name(name)), *words]
    own = {**os.environ, "HF_LEROBOT_HOME": str(home)}
    ran = subprocess.run(command, env=own, capture_output=True, text=True, errors="replace", check=False)
    told = ran.stdout + ran.stderr
    assert ran.returncode == 0, told[-3000:]
    return told


def info(folder: Path) -> dict[str, Any]:
    told: dict[str, Any] = json.loads((folder / "meta" / "info.json").read_text(encoding="utf-8"))
    return told


def test_shuffled_batches(dataset: Path) -> None:
    loaded = LeRobotDataset(REPO, root=dataset)
    assert len(loaded) == info(dataset)["total_frames"] > 250
    batch = next(iter(torch.utils.data.DataLoader(loaded, batch_size=16, shuffle=True)))
    assert batch["observation.image"].shape == (16, 3, HEIGHT, WIDTH)
    assert 0 <= float(batch["observation.image"].min()) < float(batch["observation.image"].max()) <= 1
    assert batch["action"].shape == (16, 10)
    assert batch["observation.state"].shape[0] == 16
    assert len(set(batch["index"].tolist())) == 16
    assert batch["index"].tolist() != sorted(batch["index"].tolist())


def test_reward_end_and_memory(with_goal: Path) -> None:
    loaded = LeRobotDataset(REPO, root=with_goal)
    batches = list(torch.utils.data.DataLoader(loaded, batch_size=64))
    rewards = torch.cat([batch["next.reward"].flatten() for batch in batches])
    assert rewards.dtype == torch.float32
    assert (rewards != 0).any()
    ends = torch.cat([batch["next.done"].flatten() for batch in batches])
    assert ends.dtype == torch.bool
    words = len(json.loads((with_goal / "dataset.json").read_text(encoding="utf-8"))["memory"]["addresses"])
    assert batches[0]["memory"].shape == (64, words)


def test_chunks_of_actions(exported: Path) -> None:
    fps = info(exported)["fps"]
    times = {"observation.image": [-1 / fps, 0.0], "action": [at / fps for at in range(4)]}
    item = LeRobotDataset(REPO, root=exported, delta_timestamps=times)[20]
    assert item["observation.image"].shape == (2, 3, HEIGHT, WIDTH)
    assert item["action"].shape == (4, 10)


def test_visualiser(exported: Path, tmp_path: Path) -> None:
    where = ("--repo-id", REPO, "--root", str(exported), "--output-dir", str(tmp_path))
    tool(tmp_path, "lerobot-dataset-viz", *where, "--episode-index", "1", "--save", "1", "--num-workers", "0")
    (drawn,) = tmp_path.glob("*.rrd")
    assert drawn.stat().st_size > 100_000


def test_statistics_made_again(exported: Path, tmp_path: Path) -> None:
    where = ("--repo_id", REPO, "--root", str(exported), "--new_root", str(tmp_path / "again"))
    tool(tmp_path, "lerobot-edit-dataset", *where, "--operation.type", "recompute_stats")
    before, after = (
        json.loads((folder / "meta" / "stats.json").read_text(encoding="utf-8"))
        for folder in (exported, tmp_path / "again")
    )
    for feature in ("action", "observation.state"):
        for name in ("mean", "std", "min", "max", "count"):
            assert np.allclose(after[feature][name], before[feature][name], rtol=1e-3, atol=1e-3), (feature, name)


def test_episodes_deleted(dataset: Path, tmp_path: Path) -> None:
    lengths = pandas.read_parquet(dataset / "meta" / "episodes").length
    where = ("--repo_id", REPO, "--root", str(dataset), "--new_root", str(tmp_path / "edited"))
    what = ("--operation.type", "delete_episodes", "--operation.episode_indices", "[0]")
    tool(tmp_path, "lerobot-edit-dataset", *where, *what)
    assert len(LeRobotDataset(REPO, root=tmp_path / "edited")) == lengths.sum() - lengths[0]


def test_split_in_two(exported: Path, tmp_path: Path) -> None:
    where = ("--repo_id", REPO, "--root", str(exported), "--new_root", str(tmp_path / "parts"))
    what = ("--operation.type", "split", "--operation.splits", '{"train": 0.5, "val": 0.5}')
    tool(tmp_path, "lerobot-edit-dataset", *where, *what)
    total = pandas.read_parquet(exported / "meta" / "episodes").length.sum()
    parts = [path.parents[1] for path in tmp_path.rglob("info.json")]
    assert len(parts) == 2
    assert sum(len(LeRobotDataset(REPO, root=part)) for part in parts) == total


def test_act_trains(dataset: Path, tmp_path: Path) -> None:
    told = tool(
        tmp_path,
        "lerobot-train",
        f"--dataset.repo_id={REPO}",
        f"--dataset.root={dataset}",
        "--policy.type=act",
        "--policy.device=cpu",
        "--policy.push_to_hub=false",
        "--policy.pretrained_backbone_weights=null",
        "--policy.dim_model=64",
        "--policy.dim_feedforward=128",
        "--policy.n_heads=2",
        "--policy.chunk_size=8",
        "--policy.n_action_steps=8",
        "--batch_size=2",
        "--steps=5",
        "--log_freq=1",
        "--num_workers=0",
        "--save_checkpoint=false",
        "--wandb.enable=false",
        f"--output_dir={tmp_path / 'train'}",
    )
    assert re.findall(r"\bstep:(\d+) ", told) == ["1", "2", "3", "4", "5"]
