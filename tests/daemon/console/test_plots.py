import numpy as np
import pytest

from daemon.console.plots import BARS, PLAIN_BARS, bars_for, curve_plot, resampled, sparkline


@pytest.mark.parametrize(
    ("values", "line"),
    [
        ([0, 7, None, 14], "▁▅ █"),
        ([5, 5], "▁▁"),
        ([None], " "),
        ([], ""),
        ([float("inf"), 1.0, float("nan"), 2.0], " ▁ █"),
        ([-1, 0, 1], "▁▅█"),
    ],
)
def test_a_sparkline_goes_from_the_smallest_to_the_largest(values: list[float | None], line: str) -> None:
    assert sparkline(values) == line


def test_a_plot_has_its_scale_and_a_column_for_each_value() -> None:
    assert curve_plot([0, 10, None, 20], 2) == ["20 ┤ ▁ █", " 0 ┤▁█ █"]
    assert curve_plot([None], 3) == ["no value is known"]
    assert curve_plot([3, 3], 2) == ["3 ┤", "3 ┤▁▁"]


@pytest.mark.parametrize(
    ("encoding", "bars"), [("utf-8", BARS), ("ascii", PLAIN_BARS), ("cp1252", PLAIN_BARS), ("nonsense", PLAIN_BARS)]
)
def test_an_output_without_bars_gets_plain_ones(encoding: str, bars: str) -> None:
    assert bars_for(encoding) == bars
    assert "".join(curve_plot([0, 10, None, 20], 2, PLAIN_BARS)).isascii()
    assert sparkline([0, 7, None, 14], PLAIN_BARS) == "_= #"


def test_values_are_taken_at_the_end_of_each_column() -> None:
    times = np.array([0, 10, 19], np.int32)
    assert resampled(times, [1, 2, 3], 20, 4) == [1, 2, 2, 3]
    assert resampled(np.array([15]), [7], 20, 2) == [None, 7]
