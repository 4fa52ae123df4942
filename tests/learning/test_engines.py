"""Engines for a thousand sessions on the Parquet export: Spark, Ray Data and Dask, each joining what it wrote apart."""

import io
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import dask.dataframe
import pandas
import pytest
import ray
import ray.data
from PIL import Image
from pyspark.sql import SparkSession

from protocol.session.reader import SessionReader
from tests.daemon.exporting.recordings import export_dataset

KEY = ["session", "frame_set_id"]

Counts = dict[tuple[str, str], int]
"""Memory changes by session and context."""


@pytest.fixture(scope="module")
def dataset(players: Sequence[SessionReader], tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("engines") / "parquet"
    export_dataset(players, "parquet", folder)
    return folder


@pytest.fixture(scope="module")
def truth(players: Sequence[SessionReader]) -> Counts:
    """The same read from the sessions' folders."""
    counts: Counts = {}
    for session in players:
        for number in session.frame_set_ids():
            labels = session.annotations(number)
            if labels and labels.context:
                key = (f"s-{session.session_id}", labels.context)
                changes = sum(len(scan.addresses) for scan in session.frame_set(number).changes)
                counts[key] = counts.get(key, 0) + changes
    return counts


@pytest.fixture(scope="module")
def spark(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SparkSession]:
    builder = SparkSession.builder.master("local[1]").config("spark.ui.enabled", "false")
    for name, value in {
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.host": "127.0.0.1",
        "spark.sql.shuffle.partitions": "2",
        "spark.sql.warehouse.dir": str(tmp_path_factory.mktemp("spark")),
    }.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    yield session
    session.stop()


@pytest.fixture(scope="module")
def cluster() -> Iterator[None]:
    ray.init(num_cpus=4, include_dashboard=False, log_to_driver=False, object_store_memory=200_000_000)
    yield
    ray.shutdown()


def test_spark(spark: SparkSession, dataset: Path, truth: Counts) -> None:
    changes = spark.read.parquet(str(dataset / "memory_changes"))
    labels = spark.read.parquet(str(dataset / "annotations"))
    assert dict(labels.dtypes)["session"] == "string"
    rows = changes.join(labels, KEY).groupBy("session", "context").count().collect()
    assert {(row["session"], row["context"]): row["count"] for row in rows if row["context"]} == truth
    whole = spark.read.parquet(str(dataset / "frame_sets")).where("whole").count()
    assert whole == len(pandas.read_parquet(dataset / "frame_sets", columns=["whole"]))


def test_dask(dataset: Path, truth: Counts) -> None:
    changes = dask.dataframe.read_parquet(dataset / "memory_changes", columns=KEY)
    labels = dask.dataframe.read_parquet(dataset / "annotations", columns=[*KEY, "context"])
    assert changes.npartitions == 3
    changes, labels = (table.assign(session=table.session.astype(str)) for table in (changes, labels))
    counts = changes.merge(labels, on=KEY).groupby(["session", "context"]).size().compute(scheduler="synchronous")
    assert {key: count for key, count in counts.items() if count} == truth


@pytest.mark.usefixtures("cluster")
def test_ray_data(dataset: Path, truth: Counts) -> None:
    changes = ray.data.read_parquet(str(dataset / "memory_changes"), columns=KEY)
    labels = ray.data.read_parquet(str(dataset / "annotations"), columns=[*KEY, "context"])
    # Ray groups no column whose files have dictionaries of their own, as it gives the partition: that becomes a text.
    labelled = labels.map_batches(plain_session, batch_format="pandas")
    plain_changes = changes.map_batches(plain_session, batch_format="pandas")
    on: Any = tuple(KEY)
    joined = plain_changes.join(labelled, "inner", num_partitions=2, on=on)
    rows: list[dict[str, Any]] = joined.groupby(["session", "context"], num_partitions=2).count().take_all()
    assert {(row["session"], row["context"]): row["count()"] for row in rows if row["context"]} == truth


def plain_session(table: pandas.DataFrame) -> pandas.DataFrame:
    return table.assign(session=table.session.astype(str))


@pytest.mark.usefixtures("cluster")
def test_batches_of_pictures_by_ray_data(dataset: Path) -> None:
    rows = ray.data.read_parquet(str(dataset / "frame_sets"), columns=[*KEY, "image"])
    batch = next(iter(rows.random_shuffle(seed=1).iter_batches(batch_size=32)))
    assert len(batch["image"]) == 32
    with Image.open(io.BytesIO(batch["image"][0])) as picture:
        assert picture.size == (240, 160)
