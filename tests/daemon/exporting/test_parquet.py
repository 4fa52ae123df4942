import io
import json
from pathlib import Path

import duckdb
import pandas
import polars
import pyarrow.dataset
import pyarrow.parquet
import pytest
from PIL import Image

from daemon.exporting.options import DatasetOptions, ImageMode
from daemon.exporting.split import SplitBy, SplitPlan
from protocol.session.annotations import Annotations
from protocol.session.events import EventRecord
from protocol.session.screenshots import pixels
from tests.daemon.exporting.recordings import BUTTONS, NOW, export_dataset, frame_sets, record, screenshot

LABELS = {
    3: Annotations(context="battle", tags=("boss", "night"), action="combat", complete=True),
    4: Annotations(description="Look, a chest"),
}


@pytest.fixture(scope="module")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("parquet")
    first = record(folder / "data", "first", labels=LABELS, events=(EventRecord(NOW, "savestate_loaded", 30),))
    second = record(folder / "data", "second", list(frame_sets(4, first=7)))
    export_dataset([first, second], "parquet", folder / "out")
    return folder / "out"


def test_duckdb(dataset: Path) -> None:
    rows = duckdb.execute(
        f"SELECT session, count(*) FROM '{dataset}/frame_sets/*/*.parquet' GROUP BY ALL ORDER BY 1"
    ).fetchall()
    assert rows == [("s-first", 40), ("s-second", 4)]
    joined = duckdb.execute(f"""
        SELECT frame_set_id, region, address, previous, current, freq FROM '{dataset}/memory_changes/*/*.parquet' JOIN
        '{dataset}/annotations/*/*.parquet' USING (session, frame_set_id) WHERE context = 'battle' ORDER BY address
    """).fetchall()
    assert joined == [
        (3, "ewram", 0x0200_0100, 0, 3, 1),
        (3, "ewram", 0x0200_0104, 9, 10, 12),
        (3, "iwram", 0x0300_0010, 3, 4, 7),
    ]


def test_polars(dataset: Path) -> None:
    sets = (
        polars.scan_parquet(dataset / "frame_sets")
        .filter(polars.col("session") == "s-first")
        .sort("frame_set_id")
        .collect()
    )
    row = sets.row(2, named=True)
    assert row["timestamp"].timestamp() * 1000 == NOW + 84 * 2 + 17 * 4
    assert row["frames"] == [1010, 1011, 1012, 1013, 1014]
    assert (row["first_frame"], row["last_frame"], row["pc"]) == (1010, 1014, 0x0800_0004)
    assert row["buttons"] == "A+Right"
    assert row["frame_buttons"] == [1 << BUTTONS.index("A") | 1 << BUTTONS.index("Right")] * 5
    assert row["key_history"] == ["None"] * 5
    assert (row["whole"], row["flaws"], row["changes"], row["split"]) == (True, [], 1, "all")
    assert sets["episode"].to_list() == [0] * 30 + [1] * 10
    assert (pixels(row["image"]) == pixels(screenshot(1))).all()


def test_pandas(dataset: Path) -> None:
    labels = pandas.read_parquet(dataset / "annotations").set_index(["session", "frame_set_id"])
    assert len(labels) == 2
    battle = labels.loc[("s-first", 3)]
    assert (battle.context, battle.action, list(battle.tags), bool(battle.complete)) == (
        "battle",
        "combat",
        ["boss", "night"],
        True,
    )
    assert pandas.isna(battle.intent)
    assert labels.loc[("s-first", 4)].description == "Look, a chest"
    changes = pandas.read_parquet(dataset / "memory_changes", filters=[("address", "==", 0x0300_0010)])
    assert changes[changes.session == "s-first"].current.tolist() == list(range(1, 41))


def test_arrow_finds_units_and_meanings_in_the_schema(dataset: Path) -> None:
    for name in ("frame_sets", "memory_changes", "annotations"):
        schema = pyarrow.dataset.dataset(dataset / name, partitioning="hive").schema
        fields = [field for field in schema if field.name != "session"]
        assert all(field.metadata[b"description"] for field in fields)
    changes = pyarrow.parquet.read_schema(dataset / "memory_changes" / "session=s-first" / "part-0.parquet")
    assert changes.field("freq").metadata[b"unit"] == b"changes"
    assert changes.field("address").metadata[b"unit"] == b"bus address"


def test_columns_are_zstd(dataset: Path) -> None:
    for path in dataset.rglob("*.parquet"):
        group = pyarrow.parquet.read_metadata(path)
        if group.num_rows:
            assert group.row_group(0).column(0).compression == "ZSTD"


def test_screenshots_as_paths_below_the_data_folder(tmp_path: Path) -> None:
    session = record(tmp_path / "data", sets=list(frame_sets(3)))
    export_dataset([session], "parquet", tmp_path / "out", DatasetOptions(images=ImageMode.PATHS))
    paths = pandas.read_parquet(tmp_path / "out" / "frame_sets").image.tolist()
    assert paths == [f"session/{number}/{number}.png" for number in range(3)]
    with Image.open(io.BytesIO((tmp_path / "data" / paths[0]).read_bytes())) as image:
        assert image.mode == "RGB"


def test_no_screenshots(tmp_path: Path) -> None:
    session = record(tmp_path / "data", sets=list(frame_sets(3)))
    export_dataset([session], "parquet", tmp_path / "out", DatasetOptions(images=ImageMode.NONE))
    assert "image" not in pandas.read_parquet(tmp_path / "out" / "frame_sets").columns


def test_the_split_is_a_column_and_a_gap_is_null(tmp_path: Path) -> None:
    session = record(tmp_path / "data", sets=list(frame_sets(60)))
    plan = SplitPlan(by=SplitBy.BLOCK, shares=(0.5, 0.0, 0.5), block=10, gap=2, seed=3)
    manifest = export_dataset([session], "parquet", tmp_path / "out", DatasetOptions(split=plan))
    split = pandas.read_parquet(tmp_path / "out" / "frame_sets").split
    counts = split.value_counts().to_dict()
    assert counts == {name: number for name, number in manifest["counts"]["splits"].items() if name != "gap"}
    assert split.isna().sum() == manifest["counts"]["splits"]["gap"] > 0


def test_changes_are_ordered_by_address_then_frame(dataset: Path) -> None:
    table = pyarrow.parquet.read_table(dataset / "memory_changes" / "session=s-first" / "part-0.parquet")
    keys = list(zip(table["address"].to_pylist(), table["frame"].to_pylist(), strict=True))
    assert keys == sorted(keys)


def test_the_manifest_says_what_went_in(dataset: Path) -> None:
    manifest = json.loads((dataset / "dataset.json").read_text(encoding="utf-8"))
    assert manifest["counts"]["changes"] == {"iwram": 44, "ewram": 30}
    assert manifest["sessions"][0]["counts"]["label_values"]["context"] == {"battle": 1}
    assert manifest["sessions"][0]["rom_hash"] == "AB" * 20
