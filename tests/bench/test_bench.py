"""Each bench runs, in its shortest form. Times are not asserted; weighed calls are: they are alike on any machine."""

import statistics
from collections.abc import Callable
from functools import cache, partial
from pathlib import Path

import orjson
import pytest

from lua.headless.flavours import Flavour
from tests.bench.__main__ import main
from tests.bench.benches import BENCHES
from tests.bench.demo_game import WARM_UP, demo_stages
from tests.bench.figures import Budget, Figure, spread
from tests.bench.report import report_json
from tests.bench.scanning import Stage, run_baseline, run_script
from tests.bench.settings import BenchSettings
from tests.bench.synthetic_game import synthetic_game
from tests.bench.traffic import capture, load_traffic, save_traffic

EVERY_WORD = 14_747 * 0.0018
"""Milliseconds of a read for each word of a frame's chunks."""


Measure = Callable[[str], list[Figure]]


@pytest.fixture(scope="module")
def measure(mgba: Path, tmp_path_factory: pytest.TempPathFactory) -> Measure:
    """Runs a bench by its name, once."""

    @cache
    def measured(name: str) -> list[Figure]:
        return list(BENCHES[name](BenchSettings(work=tmp_path_factory.mktemp(name), quick=True, rounds=1)))

    return measured


@pytest.mark.slow
@pytest.mark.parametrize("name", list(BENCHES))
def test_a_bench_measures(name: str, measure: Measure) -> None:
    figures = measure(name)
    assert figures
    assert all(figure.values.count > 0 for figure in figures)


def test_what_the_script_cost_without_a_change(measure: Measure) -> None:
    figures = {(each.subject, each.measure): each for each in measure("script")}
    calls = figures["2.11.1 chunked: 0 changes per set", "calls per frame"]
    assert calls.values.median < 12
    assert calls.baseline is not None
    assert calls.baseline.median > 14_000
    changes = figures["2.11.1 chunked: 700 changes per set", "changes per set"]
    assert changes.values.median == pytest.approx(700, abs=10)


@pytest.mark.parametrize("flavour", ["2.10", "2.11"])
def test_calls_without_bulk_reads_weigh_little_at_random_places(flavour: Flavour) -> None:
    scan = run_script(Stage(partial(synthetic_game, 700), 50, WARM_UP), flavour, "chunked")
    assert EVERY_WORD / statistics.median(turn.weighed for turn in scan.turns) >= 8
    assert max(turn.weighed for turn in scan.before) <= 25


@pytest.mark.slow
@pytest.mark.usefixtures("mgba")
def test_calls_without_bulk_reads_weigh_little_in_the_demo_game() -> None:
    for name, stage in demo_stages(100).items():
        scan = run_script(stage, "2.10", "chunked")
        assert EVERY_WORD / statistics.median(turn.weighed for turn in scan.turns) >= 25, name
        assert max(turn.weighed for turn in scan.before) <= 25, name


def test_the_baseline_weighs_a_read_for_each_word(tmp_path: Path) -> None:
    scan = run_baseline(Stage(partial(synthetic_game, 0), 5, WARM_UP), tmp_path)
    assert statistics.median(turn.weighed for turn in scan.turns) == pytest.approx(EVERY_WORD, rel=0.01)


def test_the_time_of_lua_is_a_part_of_a_turn() -> None:
    scan = run_script(Stage(partial(synthetic_game, 0), 20, WARM_UP), "2.11", "chunked", clocked=True)
    assert all(0 <= turn.lua < turn.milliseconds for turn in scan.turns)
    assert sum(turn.lua for turn in scan.turns) > 0


@pytest.mark.slow
def test_the_command_writes_what_it_found(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["--only", "startup", "--quick", "--json", str(tmp_path / "report.json")])
    report = orjson.loads((tmp_path / "report.json").read_bytes())
    assert report["machine"]["cores"] > 0
    assert report["benches"]["startup"][0]["measure"] == "start"
    assert "daemon and page" in capsys.readouterr().out


def test_budgets_are_about_a_statistic_or_the_ratio() -> None:
    slow = Figure(
        "a", "time", "ms", spread([1.0] * 99 + [9.0]), spread([50.0]), (Budget("median", 2), Budget("p99", 0.5))
    )
    assert [str(budget) for budget in slow.missed()] == ["p99 ≤ 0.5"]
    assert slow.ratio() == 50
    rate = Figure("b", "rate", "1/s", spread([80.0]), spread([100.0]), more_is_better=True)
    assert rate.ratio() == pytest.approx(0.8)
    assert orjson.loads(report_json({"x": [slow]}, {}))["benches"]["x"][0]["budgets"][1]["kept"] is False


def test_traffic_survives_its_file(tmp_path: Path) -> None:
    traffic = capture(300, 3)
    assert traffic.changes == pytest.approx(600, abs=10)
    assert all(pieces[-1].endswith(b"IEND\xaeB`\x82") for pieces in traffic.sets)
    save_traffic(traffic, tmp_path / "traffic")
    assert load_traffic(tmp_path / "traffic") == traffic
