"""The link as conversations: messages, broken connections, and no loss of what was recorded."""

from typing import Any

from tests.lua.fake_daemon import ACK, BYE, EVENT, FAREWELL, FRAME, HELLO, KEYFRAME, SET_END, FakeDaemon
from tests.lua.link_script import GREETING, Script, connected
from tests.lua.machine import Machine

PNG = ["PNG"]


def kinds(daemon: FakeDaemon) -> list[Any]:
    return [message[0] for message in daemon.messages]


def test_a_healthy_conversation(lua: Machine) -> None:
    script, daemon = connected(lua)
    script.play(2)
    script.bye()
    one_set = [FRAME, FRAME, SET_END, "PNG"]
    assert kinds(daemon) == [HELLO, KEYFRAME, KEYFRAME, *one_set, *one_set, BYE]
    assert daemon.goodbye == "enough"
    assert script.said == ["connected, session S1"]
    assert script.text == "gbatrace: waiting for the daemon"


def test_hello_says_who_is_there(lua: Machine) -> None:
    _, daemon = connected(lua)
    assert daemon.said(HELLO) == [[{"protocol": 1, "script": "0.1.0", **GREETING, "resume": ""}]]


def test_acknowledgements_are_read_one_set_late(lua: Machine) -> None:
    script, daemon = connected(lua)
    script.play()
    assert (daemon.unread, script.held) == (1, 1)
    script.play()
    assert (daemon.unread, script.held) == (2, 2)
    script.play_half()
    assert (daemon.unread, script.held) == (1, 1)


def test_live_frames_come_without_previous_values(lua: Machine) -> None:
    script, daemon = connected(lua)
    script.play()
    assert [len(entry) for _, _, _, _, _, _, changes in daemon.said(FRAME) for entry in changes] == [4, 4]


def test_nothing_owed_is_left_unread_at_the_end(lua: Machine) -> None:
    script, daemon = connected(lua)
    script.play(3)
    script.play_half()
    script.end_set("stop")
    script.bye()
    assert daemon.unread == 0
    assert script.held == 0
    assert daemon.sets[3]["interruption"] == "stop"
    assert daemon.sets[3]["screenshot"] is False


def test_a_set_interrupted_has_no_screenshot(lua: Machine) -> None:
    script, daemon = connected(lua)
    script.play_half()
    script.end_set("savestate")
    assert daemon.said(SET_END) == [[0, "savestate", False]]
    assert PNG not in daemon.messages


def test_a_broken_connection_is_made_again_and_everything_is_sent_again(lua: Machine) -> None:
    script, daemon = connected(lua)
    script.play(2)
    daemon.hang_up()
    script.play(2)
    assert "no link to the daemon" in script.said[-1]
    assert script.text == "gbatrace: waiting for the daemon, 4 frame sets kept"
    before = len(daemon.messages)
    held = script.recover() + 4 - 2 - 1
    assert daemon.connections == 3
    assert daemon.resumes == ["", "TS1"]
    hello, *again = daemon.messages[before:]
    assert hello[0] == HELLO
    assert [message[0] for message in again[: 3 * held]] == [FRAME, FRAME, SET_END] * held
    assert [message[1] for message in again[: 3 * held]] == [n for n in range(2, 2 + held) for _ in range(3)]
    assert all(len(entry) == 5 for message in again[: 3 * held] if message[0] == FRAME for entry in message[7])
    assert [message[0] for message in again[3 * held :]] == [KEYFRAME, KEYFRAME, FRAME, FRAME, SET_END, "PNG"]
    script.bye()
    frames = [frame["frame"] for number in sorted(daemon.sets) for frame in daemon.sets[number]["frames"]]
    assert frames == list(range(1, script.frame + 1))
    rows = [frame["rows"] for number in sorted(daemon.sets) for frame in daemon.sets[number]["frames"]]
    assert [row[0][3:] for row in rows[4:10]] == [(frame, frame - 1) for frame in range(5, 11)]


def test_a_connection_that_breaks_within_a_set_costs_nothing(lua: Machine) -> None:
    script, daemon = connected(lua)
    script.play_half()
    daemon.hang_up()
    script._play_frame(1)
    script.call("end_set", "")
    script.run()
    script.recover()
    assert [frame["frame"] for frame in daemon.sets[0]["frames"]] == [1, 2]
    assert daemon.sets[0]["screenshot"] is False


def test_a_new_daemon_gets_a_session_that_begins_at_0(lua: Machine) -> None:
    script, daemon = connected(lua, ring_size=100)
    script.play(3)
    daemon.hang_up()
    script.play(1)
    daemon.forget()
    script.recover()
    assert script.said[-1] == "connected, session S2"
    assert sorted(daemon.sets) == list(range(len(daemon.sets)))
    frames = [frame["frame"] for number in sorted(daemon.sets) for frame in daemon.sets[number]["frames"]]
    first, last = 3, script.frame
    assert frames == list(range(first, last + 1)), "the first set that was not acknowledged is the new session's first"


def test_a_full_ring_loses_the_oldest_and_says_so(lua: Machine) -> None:
    script, daemon = connected(lua, ring_size=2)
    script.play_half()
    script.end_set("stop")
    daemon.hang_up()
    script.play(4)
    assert script.held == 2
    sets = script.recover()
    (told,) = [line for line in script.said if line.endswith("frame sets lost while there was no link")]
    lost = int(told.split()[0])
    assert lost >= 4
    assert sorted(daemon.sets) == [0, *range(lost, 5 + sets)]


def test_a_long_outage_is_made_up_for_a_few_sets_at_a_time(lua: Machine) -> None:
    script, daemon = connected(lua, ring_size=100)
    daemon.hang_up()
    script.play(50)
    script.now += 5
    sent = []
    for _ in range(70):
        before = len(daemon.said(SET_END))
        script.play(seconds=1)
        sent.append(len(daemon.said(SET_END)) - before)
    assert max(sent) == 2, "a set at each frame"
    assert script.text == ""
    assert sorted(daemon.sets) == list(range(120))


def test_attempts_to_connect_grow_rare(lua: Machine) -> None:
    script, daemon = connected(lua)
    script.play()
    daemon.hang_up()
    daemon.listening = False
    attempts = 0
    connect = daemon.connect

    def counted() -> bool:
        nonlocal attempts
        attempts += 1
        return connect()

    daemon.connect = counted  # type: ignore[method-assign]
    script.play(300, seconds=1)
    assert 5 <= attempts <= 9
    assert len([line for line in script.said if "no link" in line]) == 1


def test_silence_is_the_end_of_a_connection(lua: Machine) -> None:
    script, daemon = connected(lua, ring_size=100)
    script.play(2)
    daemon.mute = True
    script.play_half()
    assert "it did not answer in time" in script.said[-1]
    daemon.mute = False
    script._play_frame(1)
    script.call("end_set", "")
    script.recover()
    assert script.said[-1] == "connected, session S1"
    assert sorted(daemon.sets) == list(range(len(daemon.sets)))


def test_a_daemon_that_did_not_answer_is_not_waited_for_again(lua: Machine) -> None:
    script, daemon = connected(lua, ring_size=100)
    script.play(2)
    daemon.mute = True
    script.play(1)
    script.timeouts.clear()
    script.now += 5
    script.play(1)
    assert daemon.connections == 3
    script.play(3)
    assert script.timeouts == [], "its answer has the time of two seconds to come"
    script.now += 2
    script.play(1)
    assert script.timeouts == [10]
    daemon.mute = False
    script.now += 10
    script.recover()
    assert script.timeouts[1:3] == [10, None]
    assert sorted(daemon.sets) == list(range(len(daemon.sets)))


def test_a_farewell_is_reported_and_survived(lua: Machine) -> None:
    script, daemon = connected(lua)
    script.play(1)
    daemon._replies.clear()
    daemon._reply_seq -= 1
    daemon.reply(FAREWELL, "the disk is full")
    script.play(2)
    assert "it ended the connection: the disk is full" in script.said[-1]
    assert script.held == 3


def test_a_refusal_is_reported_and_tried_again_after_a_minute(lua: Machine) -> None:
    daemon = FakeDaemon()
    daemon.refuse = "this daemon speaks protocol 2"
    script = Script(lua, daemon)
    script.open()
    script.play()
    assert "it refused: this daemon speaks protocol 2" in script.said[-1]
    script.play(59, seconds=1)
    assert daemon.connections == 2
    script.play(3, seconds=1)
    assert daemon.connections == 3


def test_an_acknowledgement_of_another_set_means_the_stream_is_out_of_step(lua: Machine) -> None:
    script, daemon = connected(lua)
    script.play(1)
    daemon._replies.clear()
    daemon._reply_seq -= 1
    daemon.reply(ACK, 7, [])
    script.play(2)
    assert "it acknowledged another frame set" in script.said[-1]


def test_a_reply_out_of_sequence_ends_the_connection(lua: Machine) -> None:
    script, daemon = connected(lua)
    daemon._reply_seq += 1
    script.play(3)
    assert "out of sequence" in script.said[-1]


def test_rubbish_ends_the_connection(lua: Machine) -> None:
    script, daemon = connected(lua)
    script.play(1)
    daemon._replies[0] = b"\xc1"
    script.play(2)
    assert "cannot be read" in script.said[-1]


def test_a_message_of_an_unknown_kind_is_passed_over(lua: Machine) -> None:
    script, daemon = connected(lua)
    script.play(1)
    daemon._replies.clear()
    daemon._reply_seq -= 1
    daemon.reply(99, "news")
    daemon.reply(ACK, 0, [])
    daemon._owed += 1
    script.play(3)
    assert script.said == ["connected, session S1"]


def test_commands_are_obeyed(lua: Machine) -> None:
    script, daemon = connected(lua)
    daemon.commands = [["show", {"text": "hello"}], ["dance", {}], ["keyframes", {}]]
    script.play(2)
    assert script.text == ""
    before = len(daemon.said(KEYFRAME))
    script.play_half()
    assert script.text == "hello"
    assert len(daemon.said(KEYFRAME)) == before + 2
    daemon.commands = [["show", {}]]
    script._play_frame(1)
    script.end_set("")
    script.play(2)
    assert script.text == ""


def test_events_wait_for_a_link_and_keep_their_place(lua: Machine) -> None:
    script, daemon = connected(lua)
    script.play(1)
    script.event("mark")
    assert daemon.said(EVENT) == [[2, 9, "mark", {}]]
    daemon.hang_up()
    script.play(1)
    script.event("reset")
    sets = script.recover()
    one_set = [FRAME, FRAME, SET_END]
    again = [*one_set, EVENT, *one_set * (sets - 1)]
    assert kinds(daemon)[-len(again) - 6 :] == [*again, KEYFRAME, KEYFRAME, *one_set, "PNG"]
    assert [event[2] for event in daemon.events] == ["mark", "reset"]


def test_events_before_the_welcome_are_sent_after_it(lua: Machine) -> None:
    script, daemon = connected(lua)
    script.event("settings")
    script.play(1)
    assert kinds(daemon)[:3] == [HELLO, EVENT, KEYFRAME]


def test_what_is_held_at_the_end_of_an_outage_is_sent_before_goodbye(lua: Machine) -> None:
    script, daemon = connected(lua, ring_size=100)
    daemon.hang_up()
    script.play(40)
    script.now += 5
    script.play(4, seconds=1)
    script.play_half()
    script.end_set("stop")
    assert script.text.startswith("gbatrace: catching up, 4")
    script.bye()
    assert daemon.goodbye == "enough"
    assert script.held == daemon.unread == 0
    assert sorted(daemon.sets) == list(range(45))


def test_without_a_link_goodbye_is_silent_and_nothing_is_sent_after_it(lua: Machine) -> None:
    script, daemon = connected(lua)
    script.play(1)
    daemon.hang_up()
    script.play(1)
    script.bye()
    assert not daemon.goodbye
    assert script.held == 2


def test_a_session_opens_a_connection_of_its_own(lua: Machine) -> None:
    daemon = FakeDaemon()
    daemon.hang_up()
    script = Script(lua, daemon)
    script.open()
    assert daemon.connections == 2
    script.play(1)
    assert sorted(daemon.sets) == [0]
    assert script.said == ["connected, session S1"]


def test_what_is_scanned_before_the_session_opens_is_held(lua: Machine) -> None:
    daemon = FakeDaemon()
    script = Script(lua, daemon)
    script.play(2)
    assert (daemon.messages, script.held) == ([], 2)
    script.open()
    script.play(3)
    assert sorted(daemon.sets) == [0, 1, 2, 3, 4]


def test_a_script_goes_on_with_the_session_of_the_one_before(lua: Machine) -> None:
    script, daemon = connected(lua)
    script.play(2)
    script.bye()
    later = Script(lua, daemon)
    later.call("continue_session", {"session": "S1", "token": "TS1", "origin": 0}, 2)
    later.open()
    later.play(2)
    assert daemon.resumes == ["", "TS1"]
    assert sorted(daemon.sets) == [0, 1, 2, 3]
    assert later.call("position") == (b"S1", b"TS1", 4)


class TestWithoutEndOfPatience:
    """`gbatrace record` has no player to spare: the game stands still until there is a daemon."""

    def test_the_game_stands_still_until_the_daemon_is_back_and_nothing_is_lost(self, lua: Machine) -> None:
        script, daemon = connected(lua, ring_size=2, patience=0)
        script.play(2)
        daemon.hang_up()
        daemon.listening = False

        def come_back() -> bool:
            daemon.listening = True
            return True

        script.pauses = [lambda: True, lambda: True, come_back]
        script.play(3)
        assert script.pauses == []
        assert script.said[1] == "no link to the daemon (it did not answer in time); the game waits for it"
        script.bye()
        assert sorted(daemon.sets) == [0, 1, 2, 3, 4]
        assert script.held == 0

    def test_reads_have_no_time_out(self, lua: Machine) -> None:
        script, daemon = connected(lua, patience=0)
        script.play(1)
        daemon.mute = True

        def answer() -> bool:
            daemon.mute = False
            return True

        script.pauses = [answer]
        script.play(3)
        assert set(script.timeouts) == {None}

    def test_it_ends_when_the_emulator_is_closed(self, lua: Machine) -> None:
        script, daemon = connected(lua, patience=0)
        script.play(1)
        daemon.hang_up()
        daemon.listening = False
        script.pauses = [lambda: True, lambda: False]
        script.play(2)
        script.bye()
        assert script.held == 3
