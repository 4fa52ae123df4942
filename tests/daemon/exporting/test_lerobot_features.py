import json

import numpy as np
import pytest

from daemon.exporting.lerobot_features import IMAGE, LANGUAGE, Feature, arrow_column, arrow_schema


@pytest.mark.parametrize(
    ("feature", "kind", "shape"),
    [
        (Feature("one", "int64"), "int64", [1]),
        (Feature("alone", "float32", ["hp"]), "float", [1]),
        (Feature("several", "bool", ["A", "B"]), "fixed_size_list<item: bool>[2]", [2]),
        (Feature(IMAGE, "image"), "struct<bytes: binary, path: string>", [160, 240, 3]),
    ],
)
def test_a_feature_is_told_the_same_to_all(feature: Feature, kind: str, shape: list[int]) -> None:
    schema = arrow_schema([feature])
    assert str(schema.field(feature.name).type) == kind
    assert feature.as_info([160, 240, 3], 12)["shape"] == shape
    told = json.loads(schema.metadata[b"huggingface"])["info"]["features"][feature.name]
    assert told == feature.as_hub()
    assert (told["_type"] == "List") == (shape == [2])


def test_a_video_is_described_and_has_no_column() -> None:
    video = Feature(IMAGE, "video")
    assert arrow_schema([video, Feature("one", "int64")]).names == ["one"]
    info = video.as_info([160, 240, 3], 12)
    assert (info["dtype"], info["shape"]) == ("video", [160, 240, 3])
    assert (info["info"]["video.height"], info["info"]["video.width"], info["info"]["video.fps"]) == (160, 240, 12)


def test_only_persistent_language_has_times() -> None:
    timed, events = (Feature(name, "language").as_hub()["feature"] for name in LANGUAGE)
    assert set(timed) - set(events) == {"timestamp"}


def test_one_number_a_row_is_a_plain_value() -> None:
    assert arrow_column(np.array([[1], [2]])).to_pylist() == [1, 2]
    assert arrow_column(np.array([[1, 2], [3, 4]])).to_pylist() == [[1, 2], [3, 4]]
