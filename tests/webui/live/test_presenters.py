import struct

from webui.live.live_state import LiveState
from webui.live.presenters import (
    MAX_EVENTS,
    MAX_SESSIONS,
    join_columns,
    present_event,
    present_frame_set,
    present_preview,
    present_problem,
    present_session,
    present_state,
    present_watched,
    present_welcome,
)

STATE = {
    "n": 3,
    "version": "1.0",
    "data_folder": "data",
    "link": {"launch": "EmuHawk"},
    "sessions": [{"session_id": "b", "created": 2}, {"session_id": "a", "created": 1}],
}
SCANS = [
    {
        "region": "iwram",
        "frame": 8,
        "chunk": 0,
        "addresses": b"AAAABBBB",
        "previous": b"11112222",
        "current": b"33334444",
        "freq": b"5566",
    },
    {
        "region": "ewram",
        "frame": 9,
        "chunk": 1,
        "addresses": b"CCCC",
        "previous": b"7777",
        "current": b"8888",
        "freq": b"99",
    },
]


def test_welcome_says_who_serves_and_everything_there_is() -> None:
    live = LiveState(now=5)
    live.take_state(STATE, now=9)
    welcome = present_welcome(live, "1234", "0.1.0", now=11)
    assert welcome.event == "welcome"
    assert welcome.body == {
        "server": {"id": "1234", "version": "0.1.0"},
        "now": 11,
        "daemon": {"status": "up", "since": 9, "version": "1.0", "data_folder": "data"},
        "link": {"launch": "EmuHawk"},
        "sessions": [{"session_id": "b", "created": 2}, {"session_id": "a", "created": 1}],
        "knows_all_sessions": False,
    }


def test_of_very_many_sessions_the_newest_are_sent() -> None:
    live = LiveState(now=5)
    live.take_past([{"session_id": f"s{number}", "created": number} for number in range(MAX_SESSIONS + 3)])
    told = [session["created"] for session in present_state(live).body["sessions"]]
    assert told == list(range(MAX_SESSIONS + 2, 2, -1))


def test_state_before_the_daemon_answered() -> None:
    body = present_state(LiveState(now=5)).body
    assert body["daemon"] == {"status": "waiting", "since": 5, "version": "", "data_folder": ""}
    assert body["sessions"] == []


def test_columns_are_joined_by_kind_over_all_scans() -> None:
    scans, block = join_columns(SCANS)
    assert scans == [["iwram", 8, 0, 2], ["ewram", 9, 1, 1]]
    assert block == b"AAAABBBBCCCC" + b"111122227777" + b"333344448888" + b"556699"


def test_no_changes_make_an_empty_block() -> None:
    assert join_columns([]) == ([], b"")


def test_the_block_reads_as_little_endian_words() -> None:
    word = struct.pack("<I", 0x0300_0010)
    scan = {
        "region": "iwram",
        "frame": 1,
        "chunk": 0,
        "addresses": word,
        "previous": word,
        "current": word,
        "freq": b"\x02\x00",
    }
    assert join_columns([scan])[1] == 3 * word + b"\x02\x00"


def test_preview_carries_the_screenshot_and_how_long_it_took() -> None:
    body = {"session": "a", "frame_set": {"frame_set_id": 4}, "changes": SCANS, "png": b"png"}
    preview = present_preview(body, delay=12)
    assert preview.event == "preview"
    assert (preview.body["session"], preview.body["frame_set"], preview.body["png"]) == (
        "a",
        {"frame_set_id": 4},
        b"png",
    )
    assert preview.body["delay"] == 12
    assert present_preview(body, delay=None).body["delay"] is None


def test_watched_keeps_the_newest_events_and_says_how_many_it_left_out() -> None:
    events = [{"time": time} for time in range(MAX_EVENTS + 3)]
    body = present_watched("a", [[0, 4], [6, 9]], events, {"labels": {}}).body
    assert body["ranges"] == [[0, 4], [6, 9]]
    assert body["events"] == events[3:]
    assert body["events_left_out"] == 3


def test_small_messages() -> None:
    assert present_session({"session_id": "a"}).body == {"session": {"session_id": "a"}}
    stored = {"session": "a", "frame_set": {"frame_set_id": 1}, "counts": {"frame_sets": 2}}
    assert present_frame_set({**stored, "n": 7, "png": b"PNG"}).body == stored
    assert present_event("a", {"name": "reset"}).body == {"session": "a", "event": {"name": "reset"}}
    assert present_problem("It broke.").body == {"message": "It broke."}
