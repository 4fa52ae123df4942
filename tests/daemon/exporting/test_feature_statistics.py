import numpy as np
import pytest

from daemon.exporting.feature_statistics import column_statistics, merged_statistics, sampled, screenshot_statistics


def test_columns_are_described_place_by_place() -> None:
    values = np.array([[0, 1], [4, 1]], np.float32)
    stats = column_statistics(values)
    assert {name: stats[name] for name in ("min", "max", "mean", "std", "count", "q50")} == {
        "min": [0, 1],
        "max": [4, 1],
        "mean": [2, 1],
        "std": [2, 0],
        "count": [2],
        "q50": [2, 1],
    }
    assert column_statistics(np.array([3, 5]))["mean"] == [4]


def test_screenshots_are_described_by_channel_from_0_to_1() -> None:
    random = np.random.default_rng(0)
    screenshots = [random.integers(0, 256, (5, 7, 3), dtype=np.uint8) for _ in range(3)]
    stats = screenshot_statistics(screenshots)
    every = np.stack(screenshots) / 255
    assert np.array(stats["mean"]).shape == (3, 1, 1)
    assert np.allclose(np.array(stats["mean"]).ravel(), every.mean((0, 1, 2)))
    assert np.allclose(np.array(stats["std"]).ravel(), every.std((0, 1, 2)))
    assert np.allclose(np.array(stats["min"]).ravel(), every.min((0, 1, 2)))
    assert stats["count"] == [3]
    assert np.allclose(np.array(stats["q90"]).ravel(), np.quantile(every, 0.9, axis=(0, 1, 2), method="inverted_cdf"))


def test_merged_statistics_are_those_of_everything_together() -> None:
    random = np.random.default_rng(0)
    parts = [random.normal(size=(count, 4)) for count in (3, 10, 1)]
    merged = merged_statistics([column_statistics(part) for part in parts])
    whole = column_statistics(np.concatenate(parts))
    for name in ("min", "max", "mean", "std", "count"):
        assert np.allclose(merged[name], whole[name])


@pytest.mark.parametrize(("count", "chosen"), [(1, 1), (99, 99), (5000, 100)])
def test_at_most_a_hundred_screenshots_are_looked_at(count: int, chosen: int) -> None:
    places = sampled(count)
    assert len(places) == chosen
    assert places[0] == 0
    assert places[-1] == count - 1
