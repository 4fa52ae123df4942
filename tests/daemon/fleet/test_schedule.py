from itertools import count

from daemon.fleet.plan import PlannedSession
from daemon.fleet.schedule import MOST_TRIES, Running, Schedule

CLOCK = count()


def planned(number: int) -> PlannedSession:
    return PlannedSession(number, f"s{number}", number, 100)


def assigned(schedule: Schedule, worker: str) -> Running:
    running = schedule.assign(worker, float(next(CLOCK)))
    assert running is not None
    return running


def test_sessions_are_given_out_in_order_and_once() -> None:
    schedule = Schedule(map(planned, range(3)), [])
    assert [assigned(schedule, worker).session.name for worker in "abc"] == ["s0", "s1", "s2"]
    assert schedule.assign("d", 0) is None
    for worker in "abc":
        schedule.finish(worker)
    assert schedule.is_over
    assert schedule.stored == 3


def test_what_is_stored_is_not_recorded_again() -> None:
    schedule = Schedule(map(planned, range(3)), ["s0", "s2", "of another plan"])
    assert (schedule.stored, schedule.waiting, schedule.frames_stored) == (2, 1, 200)
    assert assigned(schedule, "a").session.name == "s1"


def test_frames_of_sessions_under_way_count() -> None:
    schedule = Schedule(map(planned, range(2)), ["s0"])
    assigned(schedule, "a")
    schedule.advance("a", 40)
    assert schedule.frames_recorded == 140
    schedule.lose("a", "died")
    assert schedule.frames_recorded == 100


def test_the_session_of_a_recorder_that_died_is_begun_again_next() -> None:
    schedule = Schedule(map(planned, range(3)), [])
    assigned(schedule, "a")
    schedule.lose("a", "died")
    again = assigned(schedule, "b")
    assert (again.session.name, again.tries, again.frames) == ("s0", 2, 0)
    assert not schedule.given_up


def test_a_session_of_which_recorders_die_again_and_again_is_given_up() -> None:
    schedule = Schedule([planned(0)], [])
    for tries in range(MOST_TRIES):
        assert assigned(schedule, "a").tries == tries + 1
        schedule.lose("a", "died")
    assert schedule.is_over
    assert [failure.session for failure in schedule.given_up] == ["s0"]
    assert len(schedule.failures) == MOST_TRIES


def test_what_fails_by_itself_is_not_tried_again() -> None:
    schedule = Schedule(map(planned, range(2)), [])
    assigned(schedule, "a")
    schedule.give_up("a", "the policy failed")
    assert assigned(schedule, "a").session.name == "s1"
    assert [failure.reason for failure in schedule.given_up] == ["the policy failed"]


def test_a_fleet_is_hopeless_where_one_session_after_the_other_is_given_up() -> None:
    schedule = Schedule(map(planned, range(30)), [])
    for number in range(19):
        assigned(schedule, "a")
        if number == 9:
            schedule.finish("a")
        else:
            schedule.give_up("a", "no core")
        assert not schedule.is_hopeless
    assigned(schedule, "a")
    schedule.give_up("a", "no core")
    assert schedule.is_hopeless
