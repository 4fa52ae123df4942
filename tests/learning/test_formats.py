"""Formats read with torch and Gymnasium as training reads them: shuffled, in batches, as tensors."""

import io
from pathlib import Path
from typing import Any

import duckdb
import minari
import numpy as np
import pandas
import polars
import pytest
import torch
import webdataset
from datasets import load_dataset
from PIL import Image
from torch.utils.data import DataLoader, Dataset

from daemon.exporting.memory import MemoryForm
from daemon.exporting.options import DatasetOptions
from protocol.session.reader import SessionReader
from tests.daemon.exporting.recordings import HEIGHT, WIDTH, export_dataset, frame_sets, record

SETS = 40


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> SessionReader:
    return record(tmp_path_factory.mktemp("data"), sets=list(frame_sets(SETS)))


def exported(session: SessionReader, name: str, tmp_path: Path) -> Path:
    export_dataset([session], name, tmp_path / name, DatasetOptions(memory=MemoryForm.WORDS))
    return tmp_path / name


def is_shuffled(numbers: list[int]) -> bool:
    return sorted(numbers) == list(range(len(numbers))) != numbers


def linear_learns(features: torch.Tensor, wanted: torch.Tensor) -> bool:
    """Train a few steps; tells whether the loss fell."""
    torch.manual_seed(0)
    model = torch.nn.Linear(features.shape[1], 1)
    optimizer = torch.optim.Adam(model.parameters(), lr=0.001)
    losses = []
    for _ in range(20):
        loss = ((model(features)[:, 0] - wanted) ** 2).mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(float(loss.detach()))
    return losses[-1] < losses[0]


def test_hugging_face_with_torch(session: SessionReader, tmp_path: Path) -> None:
    folder = exported(session, "hf", tmp_path)
    rows = load_dataset(str(folder), split="train", cache_dir=str(tmp_path / "cache")).with_format("torch")
    row = rows[3]
    assert row["image"].shape == (3, HEIGHT, WIDTH)
    assert row["timestamp"].dtype == torch.int64
    plain = rows.select_columns(["frame_set_id", "image", "memory"])
    batches = list(DataLoader(plain, batch_size=8, shuffle=True))
    assert is_shuffled([number for batch in batches for number in batch["frame_set_id"].tolist()])
    assert batches[0]["memory"].shape[0] == 8
    pixels = torch.cat([batch["image"] for batch in batches]).flatten(1) / 255
    assert linear_learns(pixels, torch.cat([batch["frame_set_id"] for batch in batches]) / SETS)


def test_webdataset_with_torch(session: SessionReader, tmp_path: Path) -> None:
    shards = [path.as_posix() for path in exported(session, "webdataset", tmp_path).glob("all/*.tar")]
    samples = webdataset.WebDataset(shards, shardshuffle=False).shuffle(SETS, seed=1).decode("torchrgb")
    columns = samples.to_tuple("png", "json", "memory.npy").map_tuple(
        lambda image: image, lambda told: told["frame_set_id"], lambda words: words.astype(np.int64)
    )
    batches = list(DataLoader(columns.batched(8), batch_size=None, num_workers=0))
    assert is_shuffled([number for _, numbers, _ in batches for number in numbers.tolist()])
    assert batches[0][0].shape == (8, 3, HEIGHT, WIDTH)
    assert batches[0][2].shape[0] == 8
    pixels = torch.cat([image for image, _, _ in batches]).flatten(1)
    assert linear_learns(pixels, torch.cat([numbers for _, numbers, _ in batches]) / SETS)


def test_minari_with_torch(session: SessionReader, tmp_path: Path) -> None:
    dataset = minari.MinariDataset(exported(session, "minari", tmp_path))
    dataset.set_seed(1)
    (episode,) = dataset.sample_episodes(1)
    seen, actions = torch.as_tensor(episode.observations), torch.as_tensor(episode.actions)
    assert len(seen) == len(actions) + 1
    assert seen.shape[1:] == (HEIGHT, WIDTH, 3)
    steps = torch.utils.data.TensorDataset(seen[:-1], actions, torch.arange(len(actions)))
    batches = list(DataLoader(steps, batch_size=8, shuffle=True))
    assert is_shuffled([place for _, _, places in batches for place in places.tolist()])
    pixels = torch.cat([images for images, _, _ in batches]).flatten(1) / 255
    assert linear_learns(pixels, torch.cat([held for _, held, _ in batches]).flatten(1).float().mean(1))


class Pictures(Dataset[tuple[torch.Tensor, int]]):  # type: ignore[misc,unused-ignore] # torch is not always there
    """Screenshots of a Parquet export."""

    def __init__(self, rows: pandas.DataFrame) -> None:
        self._rows = rows

    def __len__(self) -> int:
        return len(self._rows)

    def __getitem__(self, place: int) -> tuple[torch.Tensor, int]:
        row: Any = self._rows.iloc[place]
        with Image.open(io.BytesIO(row.image)) as image:
            return torch.as_tensor(np.asarray(image.convert("RGB"))), int(row.frame_set_id)


def test_parquet_with_torch(session: SessionReader, tmp_path: Path) -> None:
    folder = exported(session, "parquet", tmp_path)
    columns = ["frame_set_id", "image", "memory"]
    batches = list(DataLoader(Pictures(pandas.read_parquet(folder / "frame_sets", columns=columns)), 8, shuffle=True))
    assert is_shuffled([number for _, numbers in batches for number in numbers.tolist()])
    pixels = torch.cat([images for images, _ in batches]).flatten(1) / 255
    assert linear_learns(pixels, torch.cat([numbers for _, numbers in batches]) / SETS)
    by_polars = polars.read_parquet(folder / "frame_sets" / "*" / "*.parquet", columns=columns).sample(
        fraction=1, shuffle=True, seed=1
    )
    assert is_shuffled(by_polars["frame_set_id"].to_list())
    words = torch.as_tensor(np.stack(by_polars["memory"].to_list()).astype(np.int64))
    parts = (folder / "frame_sets" / "*" / "*.parquet").as_posix()
    with duckdb.connect() as connection:
        by_duckdb = connection.execute(f"SELECT frame_set_id FROM '{parts}' ORDER BY hash(frame_set_id)").torch()
    assert is_shuffled(by_duckdb["frame_set_id"].tolist())
    assert len(words) == SETS
