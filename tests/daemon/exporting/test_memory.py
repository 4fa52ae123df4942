"""Memory in datasets: rebuilt from each format by its own reader, and compared with the session's."""

import base64
import io
import json
import zlib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import minari
import numpy as np
import pyarrow.parquet as pq
import pytest
import webdataset

from daemon.analysis.session_history import SessionHistory
from daemon.exporting import memory
from daemon.exporting.memory import MemoryForm, changing_addresses
from daemon.exporting.options import DatasetOptions
from protocol.errors import ExportError
from protocol.session.events import EventRecord
from protocol.session.reader import SessionReader
from tests.daemon.exporting.recordings import NOW, export_dataset, frame_sets, record

SETS = 10
CHANGING = [0x0200_0100, 0x0200_0104, 0x0300_0010]
FIRST_BYTE = {0x0300_0000: 0, 0x0200_0000: 0x8000}

pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> SessionReader:
    loaded = EventRecord(NOW, "savestate_loaded", 7)
    return record(tmp_path_factory.mktemp("memory"), sets=list(frame_sets(SETS)), events=(loaded,))


@pytest.fixture(scope="module")
def truth(session: SessionReader) -> dict[int, bytes]:
    """Memory after each frame set, as the session's own index has it."""
    history = SessionHistory(session).history
    return {number: history.memory_at(number).image.tobytes() for number in range(SETS)}


Rows = Iterable[tuple[int, Any, Mapping[str, Any]]]
"""Each frame set's number, memory, and changes as columns."""


def parquet(out: Path) -> Rows:
    changes = pq.read_table(out / "memory_changes").to_pandas()
    for row in pq.read_table(out / "frame_sets").to_pylist():
        own = changes[changes.frame_set_id == row["frame_set_id"]].sort_values("frame", kind="stable")
        yield row["frame_set_id"], row["memory"], {name: own[name].tolist() for name in ("address", "current")}


def hf(out: Path) -> Rows:
    for row in pq.read_table(out / "data").to_pylist():
        yield row["frame_set_id"], row["memory"], row["changes"]


def webdataset_shards(out: Path) -> Rows:
    for sample in webdataset.WebDataset(str(next(out.glob("all/*.tar"))), shardshuffle=False):
        found = np.load(io.BytesIO(sample["memory.npy"])) if "memory.npy" in sample else None
        _, _, address, _, current, _ = np.load(io.BytesIO(sample["npy"]))
        image = found.tobytes() if found is not None and found.dtype == np.uint8 else found
        yield json.loads(sample["json"])["frame_set_id"], image, {"address": address, "current": current}


def jsonl(out: Path) -> Rows:
    for line in (out / "all" / "session.jsonl").read_text(encoding="utf-8").splitlines():
        (step,) = json.loads(line)["inputs"]
        found = step["memory"]
        image = zlib.decompress(base64.b64decode(found)) if isinstance(found, str) else found
        yield step["frame_set_id"], image, {}


def minari_episodes(out: Path) -> Rows:
    for episode in minari.MinariDataset(out):
        for number, found in zip(episode.infos["frame_set_id"], episode.infos["memory"], strict=True):
            yield int(number), found.tobytes() if found.dtype == np.uint8 else found, {}


def lerobot(out: Path) -> Rows:
    for row in pq.read_table(out / "data").to_pylist():
        yield row["frame_set_id"], row["memory"], {}


READERS = {
    "parquet": parquet,
    "hf": hf,
    "webdataset": webdataset_shards,
    "jsonl": jsonl,
    "minari": minari_episodes,
    "lerobot": lerobot,
}


def exported(session: SessionReader, name: str, form: MemoryForm, out: Path) -> tuple[dict[str, Any], Rows]:
    manifest = export_dataset([session], name, out, DatasetOptions(memory=form, window=1, stride=1))
    return manifest["memory"], READERS[name](out)


def rebuilt(rows: Rows) -> Iterator[tuple[int, bytes]]:
    """Rebuild memory from keyframes and the changes between them."""
    image = np.zeros(0, np.uint8)
    for number, found, changes in rows:
        if found is not None:
            image = np.frombuffer(found, np.uint8).copy()
        else:
            for address, value in zip(changes["address"], changes["current"], strict=True):
                base = int(address) & 0xFF00_0000
                at = FIRST_BYTE[base] + int(address) - base
                image[at : at + 4] = np.array([value], "<u4").view(np.uint8)
        yield number, image.tobytes()


@pytest.mark.parametrize("name", ["parquet", "hf", "webdataset", "jsonl", "minari"])
def test_all_of_it(session: SessionReader, truth: dict[int, bytes], name: str, tmp_path: Path) -> None:
    told, rows = exported(session, name, MemoryForm.DENSE, tmp_path / "out")
    assert [region["name"] for region in told["regions"]] == ["iwram", "ewram"]
    found = {number: bytes(image) for number, image, _ in rows}
    assert found == truth


@pytest.mark.parametrize("name", READERS)
def test_words_that_ever_changed(session: SessionReader, truth: dict[int, bytes], name: str, tmp_path: Path) -> None:
    told, rows = exported(session, name, MemoryForm.WORDS, tmp_path / "out")
    assert told["addresses"] == CHANGING
    found = {number: [int(word) for word in words] for number, words, _ in rows}
    places = [FIRST_BYTE[address & 0xFF00_0000] + (address & 0xFF_FFFF) for address in CHANGING]
    wanted = {
        number: [int.from_bytes(image[at : at + 4], "little") for at in places] for number, image in truth.items()
    }
    assert len(found) >= SETS - 2  # The last frame set of an episode is no observation of LeRobot.
    assert found == {number: wanted[number] for number in found}


@pytest.mark.parametrize("name", ["parquet", "hf", "webdataset"])
def test_keyframes_and_changes(
    session: SessionReader, truth: dict[int, bytes], name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(memory, "KEYFRAME_SETS", 4)
    _, rows = exported(session, name, MemoryForm.KEYFRAMES, tmp_path / "out")
    found = list(rows)
    assert sum(image is not None for _, image, _ in found) < SETS
    assert dict(rebuilt(found)) == truth


@pytest.mark.parametrize(("name", "form"), [("lerobot", "dense"), ("jsonl", "keyframes"), ("minari", "keyframes")])
def test_what_a_format_has_no_room_for_is_refused(session: SessionReader, name: str, form: str, tmp_path: Path) -> None:
    with pytest.raises(ExportError, match=f"{name} has no room for --memory {form}: choose .*words"):
        exported(session, name, MemoryForm(form), tmp_path / "out")


def test_words_of_several_sessions_are_put_together(session: SessionReader) -> None:
    history = SessionHistory(session).history
    assert changing_addresses([history, history]).tolist() == CHANGING
