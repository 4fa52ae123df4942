"""The fleet over a stand-in for Ray; tests/learning/test_fleet.py has the real one."""

from dataclasses import replace
from pathlib import Path

import pytest

from daemon.fleet.catalogue import CatalogueRow
from daemon.fleet.policies import PolicyChoice
from daemon.fleet.recorders import run_fleet
from daemon.fleet.schedule import Schedule
from daemon.fleet.target import FolderTarget
from protocol.errors import FleetError
from protocol.session.reader import session_names
from tests.daemon.fleet.fake_ray import FakeRay
from tests.daemon.fleet.jobs import job_of, plan_of
from tests.daemon.fleet.test_recording import Quitter


def run(folder: Path, ray: FakeRay, sessions: int = 3, policy: PolicyChoice | None = None) -> Schedule:
    planned = [replace(session, frames=5) for session in plan_of(sessions).sessions()]
    rows: list[CatalogueRow] = []
    schedule = Schedule(planned, [])
    run_fleet(job_of(FolderTarget(folder), policy=policy), schedule, rows, 2, ray, lambda _schedule: None)
    assert sorted(row.session for row in rows) == sorted(row.session for row in FolderTarget(folder).rows())
    return schedule


def test_recorders_share_the_sessions(tmp_path: Path) -> None:
    ray = FakeRay()
    schedule = run(tmp_path, ray)
    assert schedule.stored == 3
    assert session_names(tmp_path) == [session.name for session in plan_of(3).sessions()]
    rows = FolderTarget(tmp_path).rows()
    assert [row.tries for row in rows] == [1, 1, 1]
    assert (ray.actors, ray.killed) == (2, 2)


def test_a_recorder_that_dies_is_replaced_and_its_session_begun_again(tmp_path: Path) -> None:
    ray = FakeRay(1, 3)
    schedule = run(tmp_path, ray)
    assert schedule.stored == 3
    assert [failure.reason for failure in schedule.failures] == [
        "The recorder died: The actor died unexpectedly before finishing this task."
    ] * 2
    rows = FolderTarget(tmp_path).rows()
    assert sorted(row.tries for row in rows) == [1, 1, 3]
    assert ray.actors == 4


def test_a_policy_that_fails_gives_up_its_sessions_and_the_others_go_on(tmp_path: Path) -> None:
    planned = list(plan_of(2).sessions())
    schedule = Schedule([replace(planned[0], frames=50), replace(planned[1], frames=5)], [])
    job = job_of(FolderTarget(tmp_path), policy=PolicyChoice("test:Quitter", kind=Quitter))
    run_fleet(job, schedule, [], 1, FakeRay(), lambda _schedule: None)
    assert [failure.session for failure in schedule.given_up] == [planned[0].name]
    assert session_names(tmp_path) == [planned[1].name]


def test_a_fleet_whose_sessions_all_fail_ends(tmp_path: Path) -> None:
    planned = [replace(session, frames=50) for session in plan_of(30).sessions()]
    job = job_of(FolderTarget(tmp_path), core=tmp_path / "no core")
    ray = FakeRay()
    with pytest.raises(FleetError, match="One session after the other"):
        run_fleet(job, Schedule(planned, []), [], 2, ray, lambda _schedule: None)
    assert ray.calls < 15
    assert ray.killed == ray.actors


def test_an_interrupted_fleet_dismisses_its_recorders(tmp_path: Path) -> None:
    ray = FakeRay()

    def interrupt(schedule: Schedule) -> None:
        if schedule.stored:
            raise KeyboardInterrupt

    planned = [replace(session, frames=5) for session in plan_of(3).sessions()]
    with pytest.raises(KeyboardInterrupt):
        run_fleet(job_of(FolderTarget(tmp_path)), Schedule(planned, []), [], 1, ray, interrupt)
    assert ray.killed == 1
    assert len(FolderTarget(tmp_path).rows()) == 1
