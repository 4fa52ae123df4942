from typing import Any

from protocol.bus.messages import Publication, Topic
from webui.live.live_state import (
    MAX_HELD,
    Daemon,
    DaemonChanged,
    LiveState,
    Published,
    Resynchronised,
    SessionsChanged,
    Update,
)


def summary(session: str = "a", **facts: Any) -> dict[str, Any]:
    return {"session_id": session, "frame_sets": 0, "first_set": None, "last_set": None, "flawed_sets": 0, **facts}


def state_of(n: int, *sessions: dict[str, Any]) -> dict[str, Any]:
    return {"n": n, "version": "1.0", "data_folder": "data", "link": {"launch": "x"}, "sessions": list(sessions)}


def frame_set(n: int, number: int, **counts: int) -> Publication:
    return Publication(Topic.SET, "a", n, {"frame_set": {"frame_set_id": number}, "counts": counts})


def numbers(updates: list[Update]) -> list[int]:
    return [update.publication.n for update in updates if isinstance(update, Published)]


def test_holds_publications_until_the_state_is_known_and_drops_those_it_includes() -> None:
    live = LiveState(now=0)
    for n in (4, 5, 6, 7):
        assert live.take_publication(frame_set(n, n)) == []
    updates = live.take_state(state_of(5, summary()), now=10)
    assert updates[0] == Resynchronised()
    assert numbers(updates) == [6, 7]
    assert (live.daemon, live.since, live.needs_state) == (Daemon.UP, 10, False)


def test_applies_publications_in_turn() -> None:
    live = LiveState(now=0)
    live.take_state(state_of(5, summary()), now=0)
    assert numbers(live.take_publication(frame_set(6, 0, frame_sets=1, last_set=0))) == [6]
    assert numbers(live.take_publication(frame_set(7, 1, frame_sets=2, last_set=1))) == [7]
    assert live.sessions["a"] == summary(frame_sets=2, last_set=1)


def test_a_publication_that_is_not_as_the_law_says_costs_only_itself() -> None:
    live = LiveState(now=0)
    live.take_state(state_of(0, summary()), now=1)
    odd: list[dict[str, Any]] = [{}, {"counts": None}, {"counts": 7}]
    for n, body in enumerate(odd, start=1):
        assert live.take_publication(Publication(Topic.SET, "a", n, body)) == []
    assert live.take_publication(Publication(Topic.SESSION, "a", 4, {})) == []
    assert numbers(live.take_publication(frame_set(5, 7, frame_sets=1))) == [5]
    assert not live.needs_state
    assert live.sessions["a"] == summary(frame_sets=1)


def test_drops_what_the_state_included() -> None:
    live = LiveState(now=0)
    live.take_state(state_of(5, summary()), now=0)
    assert live.take_publication(frame_set(5, 0)) == []
    assert not live.needs_state


def test_asks_for_the_state_again_when_a_number_is_missing_and_loses_nothing_after_it() -> None:
    live = LiveState(now=0)
    live.take_state(state_of(5, summary()), now=0)
    assert live.take_publication(frame_set(8, 3)) == []
    assert live.needs_state
    assert live.take_publication(frame_set(9, 4)) == []
    updates = live.take_state(state_of(8, summary(frame_sets=4)), now=1)
    assert updates[0] == Resynchronised()
    assert numbers(updates) == [9]
    assert live.since == 0


def test_a_gap_among_the_held_is_asked_for_once_more() -> None:
    live = LiveState(now=0)
    live.take_publication(frame_set(3, 0))
    live.take_publication(frame_set(6, 3))
    assert numbers(live.take_state(state_of(2, summary()), now=0)) == [3]
    assert live.needs_state


def test_holds_only_so_many() -> None:
    live = LiveState(now=0)
    for n in range(1, MAX_HELD + 3):
        live.take_publication(frame_set(n, n))
    live.take_state(state_of(0, summary()), now=0)
    assert live.needs_state


def test_a_new_daemon_counts_from_the_beginning() -> None:
    live = LiveState(now=0)
    live.take_state(state_of(500, summary()), now=0)
    assert live.lose_daemon(now=7) == [DaemonChanged()]
    assert (live.daemon, live.since) == (Daemon.DOWN, 7)
    assert live.lose_daemon(now=8) == []
    live.take_publication(frame_set(1, 0))
    updates = live.take_state(state_of(0, summary("b")), now=9)
    assert numbers(updates) == [1]
    assert list(live.sessions) == ["b"]
    assert (live.daemon, live.since) == (Daemon.UP, 9)


def test_a_daemon_that_never_came_is_not_lost() -> None:
    live = LiveState(now=3)
    assert live.lose_daemon(now=4) == []
    assert (live.daemon, live.since) == (Daemon.WAITING, 3)


def test_a_heartbeat_shows_that_the_last_publications_were_lost() -> None:
    live = LiveState(now=0)
    live.take_state(state_of(5, summary()), now=0)
    live.take_heartbeat(7)
    assert not live.needs_state, "they may still be on their way"
    live.take_heartbeat(7)
    assert live.needs_state


def test_a_heartbeat_shows_a_new_daemon() -> None:
    live = LiveState(now=0)
    live.take_state(state_of(5, summary()), now=0)
    live.take_heartbeat(2)
    assert live.needs_state


def test_a_new_session_stands_first_and_a_known_one_keeps_its_place() -> None:
    live = LiveState(now=0)
    live.take_state(state_of(0, summary("a")), now=0)
    live.take_publication(Publication(Topic.SESSION, "b", 1, {"session": summary("b")}))
    live.take_publication(Publication(Topic.SESSION, "a", 2, {"session": summary("a", state="ended")}))
    assert list(live.sessions) == ["b", "a"]
    assert live.sessions["a"]["state"] == "ended"
    live.take_publication(Publication(Topic.SESSION, "b", 3, {"session": summary("b", state="discarded")}))
    assert list(live.sessions) == ["a"]


def test_sessions_on_disk_stand_among_those_that_the_daemon_speaks_of() -> None:
    live = LiveState(now=0)
    live.take_state(state_of(5, summary("b", created=3, state="live")), now=0)
    past = [summary(name, created=created, state="ended") for name, created in (("a", 4), ("b", 3), ("c", 1))]
    before = live.knows_all_sessions
    assert live.take_past(past) == [SessionsChanged()]
    assert (before, live.knows_all_sessions) == (False, True)
    assert [(each["session_id"], each["state"]) for each in live.all_sessions()] == [
        ("a", "ended"),
        ("b", "live"),
        ("c", "ended"),
    ]


def test_a_session_that_is_no_longer_on_disk_leaves_the_list_whatever_the_daemon_remembers() -> None:
    live = LiveState(now=0)
    known = [summary("b", created=2, state="ended"), summary("c", created=1, state="live")]
    live.take_state(state_of(5, *known), now=0)
    live.take_past([summary("a", created=3, state="ended"), *known])
    live.take_past([summary("a", created=3, state="ended")])
    live.take_state(state_of(5, *known), now=1)
    assert [each["session_id"] for each in live.all_sessions()] == ["a", "c"]
    live.take_past(known)
    assert [each["session_id"] for each in live.all_sessions()] == ["b", "c"]
