import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

import resources
from daemon.fleet import service
from daemon.fleet.catalogue import read_catalogue
from daemon.fleet.options import FleetOptions
from daemon.fleet.recorders import Show
from daemon.fleet.schedule import Schedule
from daemon.fleet.service import FleetReport, record_fleet
from protocol.errors import FleetError, RomError
from protocol.session.reader import session_names
from tests.daemon.fleet.fake_ray import FakeRay
from tests.daemon.fleet.jobs import MINUTES


@pytest.fixture
def ray(monkeypatch: pytest.MonkeyPatch) -> FakeRay:
    """A stand-in for Ray, which need not be installed."""
    stand_in = FakeRay()

    @contextmanager
    def cluster(_address: str, _processes: int | None) -> Iterator[FakeRay]:
        yield stand_in

    monkeypatch.setitem(sys.modules, "ray", stand_in)
    monkeypatch.setattr(service, "ray_cluster", cluster)
    return stand_in


def fleet(output: Path, sessions: float, show: Show = lambda _schedule: None, **options: object) -> FleetReport:
    values: dict[str, object] = {
        "rom": resources.demo_rom(),
        "hours": sessions * MINUTES / 60,
        "session_minutes": MINUTES,
        "output": str(output),
        "core": resources.demo_tape(),
        "policy": "inputs",
        "inputs": resources.demo_tour(),
    }
    return record_fleet(FleetOptions(**(values | options)), show)  # type: ignore[arg-type]


def test_a_fleet_that_is_started_again_goes_on_with_what_is_missing(tmp_path: Path, ray: FakeRay) -> None:
    assert fleet(tmp_path, 1).recorded == 1
    again = fleet(tmp_path, 3)
    assert (again.recorded, len(again.stored), again.given_up) == (2, 3, ())
    assert len(session_names(tmp_path)) == 3
    calls = ray.calls
    assert fleet(tmp_path, 3).recorded == 0
    assert len(fleet(tmp_path, 2).stored) == 2
    assert ray.calls == calls


def test_the_catalogue_of_an_interrupted_fleet_has_what_was_handed_over(tmp_path: Path, ray: FakeRay) -> None:
    def interrupt(schedule: Schedule) -> None:
        if schedule.stored == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fleet(tmp_path, 3, show=interrupt)
    rows = read_catalogue((tmp_path / "catalogue.parquet").read_bytes())
    assert [row.session for row in rows] == session_names(tmp_path)
    assert len(rows) == 2


def test_a_short_last_session_is_in_the_way_of_more_hours(tmp_path: Path, ray: FakeRay) -> None:
    fleet(tmp_path, 1.5)
    with pytest.raises(FleetError, match="another length"):
        fleet(tmp_path, 3)


def test_another_seed_needs_another_place(tmp_path: Path, ray: FakeRay) -> None:
    fleet(tmp_path, 1)
    with pytest.raises(FleetError, match="another seed"):
        fleet(tmp_path, 1, seed=9)


def test_without_ray_nothing_is_touched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)
    with pytest.raises(FleetError, match=r"\[fleet\]"):
        fleet(tmp_path / "runs", 1)
    assert not (tmp_path / "runs").exists()


def test_a_game_that_is_missing_is_told(tmp_path: Path, ray: FakeRay) -> None:
    with pytest.raises(RomError):
        fleet(tmp_path / "runs", 1, rom=tmp_path / "no.gba")
