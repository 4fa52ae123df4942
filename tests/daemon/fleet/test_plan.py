import math

import pytest

from daemon.fleet.plan import FleetPlan
from protocol.errors import FleetError
from protocol.session.layout import session_id


def plan(**changes: object) -> FleetPlan:
    options: dict[str, object] = {
        "game": "Fernlight (U) [!]",
        "rom_sha1": "AB" * 20,
        "policy": "random",
        "policy_sha256": "",
        "seed": 7,
        "hours": 1,
        "session_minutes": 10,
    }
    return FleetPlan(**(options | changes))  # type: ignore[arg-type]


def test_sessions_come_to_the_hours_asked_for() -> None:
    sessions = list(plan().sessions())
    assert len(sessions) == len(plan()) == 6
    assert {session.frames for session in sessions} == {35_835}
    assert all(session.frames % 5 == 0 for session in sessions)


def test_the_last_session_is_as_short_as_it_must_be() -> None:
    assert [session.frames for session in plan(hours=0.05, session_minutes=2).sessions()] == [7165, 3585]
    assert len(plan(hours=0.01, session_minutes=0.2)) == 3


def test_a_session_follows_from_its_number_and_the_fleets_seed() -> None:
    assert list(plan().sessions()) == list(plan().sessions())
    more = list(plan(hours=2).sessions())
    assert more[:6] == list(plan().sessions())
    other = list(plan(seed=8).sessions())
    assert {session.seed for session in more}.isdisjoint(session.seed for session in other)
    assert {session.name for session in more}.isdisjoint(session.name for session in other)


def test_each_session_has_a_name_and_a_seed_of_its_own() -> None:
    sessions = list(plan(hours=100).sessions())
    assert len({session.name for session in sessions}) == len({session.seed for session in sessions}) == 600
    assert all(session_id(session.name) == session.name for session in sessions)
    assert sorted(session.name for session in sessions) == [session.name for session in sessions]


def test_more_hours_are_the_same_fleet_and_another_policy_is_not() -> None:
    assert plan(hours=2).identity() == plan().identity()
    assert plan(policy_sha256="ab").identity() != plan().identity()
    assert plan(session_minutes=5).identity() != plan().identity()


@pytest.mark.parametrize(
    "numbers",
    [{"hours": 0}, {"hours": math.nan}, {"hours": math.inf}, {"session_minutes": -1}, {"session_minutes": 1e-9}],
)
def test_numbers_that_make_no_plan_are_refused(numbers: dict[str, float]) -> None:
    with pytest.raises(FleetError, match="--session-minutes"):
        plan(**numbers)
