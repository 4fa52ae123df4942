"""The spool as conversations: what lies on disk while there is no daemon, what comes back, what can go wrong."""

from typing import Any

import pytest

from tests.lua.fake_daemon import EVENT, FakeDaemon
from tests.lua.fake_disk import FakeDisk
from tests.lua.link_script import Script, connected
from tests.lua.machine import Machine

FOLDER = "spool/1/"


def offline(lua: Machine, **options: Any) -> tuple[Script, FakeDaemon, FakeDisk]:
    """A script whose daemon went away after two sets."""
    disk = FakeDisk()
    script, daemon = connected(lua, disk=disk, **options)
    script.play(2)
    daemon.hang_up()
    daemon.listening = False
    return script, daemon, disk


def again(script: Script, daemon: FakeDaemon) -> None:
    daemon.listening = True
    script.now += 60
    script.recover()
    script.play(3)


def frames_of(daemon: FakeDaemon) -> list[int]:
    return [frame["frame"] for number in sorted(daemon.sets) for frame in daemon.sets[number]["frames"]]


def leftovers(lua: Machine, disk: FakeDisk) -> Any:
    return lua.require("offline.spool_folders")[b"leftovers"](disk.port(lua), b"spool")


def test_what_there_is_no_daemon_for_lies_next_to_the_script_as_the_original_had_it(lua: Machine) -> None:
    script, _, disk = offline(lua)
    script.play(3)
    screenshots = [f"{FOLDER}snapshots/{number}.png" for number in (2, 3, 4)]
    assert disk.tree() == [f"{FOLDER}event_log.csv", f"{FOLDER}journal.bin", *screenshots]
    rows = disk.files[f"{FOLDER}event_log.csv"].decode().splitlines()
    assert len(rows) == 2 * 5, "the two sets that were not acknowledged, and the three that came"
    assert rows[0] == "5000,iwram,1,03000000,00000000,00000001,1,00000006,None | A,A,0,0"
    assert rows[-1] == "5000,iwram,10,03000020,00000009,0000000A,5,00000006,None | A,A,4,1"
    assert script.text == "gbatrace: waiting for the daemon, 5 frame sets kept"
    assert disk.claimed == {f"{FOLDER}journal.bin"}


def test_nothing_is_written_while_there_is_a_daemon(lua: Machine) -> None:
    disk = FakeDisk()
    script, _ = connected(lua, disk=disk)
    script.play(10)
    assert disk.tree() == []
    assert disk.screenshots == disk.open_files == 0


def test_everything_comes_back_with_its_screenshot_and_the_spool_is_gone(lua: Machine) -> None:
    script, daemon, disk = offline(lua)
    script.play(30)
    again(script, daemon)
    assert frames_of(daemon) == list(range(1, script.frame + 1))
    assert sorted(daemon.sets) == list(range(script.frame // 2))
    without = [number for number, held in daemon.sets.items() if not held["screenshot"] and not held["png"]]
    assert without == []
    assert daemon.sets[5]["png"].startswith(b"PNG ")
    assert daemon.sets[5]["png"] != daemon.sets[6]["png"]
    rows = [frame["rows"][0][3:] for number in range(2, 30) for frame in daemon.sets[number]["frames"]]
    assert rows == [(frame, frame - 1) for frame in range(5, 61)]
    assert disk.tree() == []
    assert disk.open_files == 0
    assert disk.claimed == set()


def test_the_ring_in_memory_is_no_limit(lua: Machine) -> None:
    script, daemon, _ = offline(lua, ring_size=2)
    script.play(60)
    again(script, daemon)
    assert frames_of(daemon) == list(range(1, script.frame + 1))


def test_sets_that_come_while_catching_up_have_their_screenshots_too(lua: Machine) -> None:
    script, daemon, _ = offline(lua)
    script.play(40)
    daemon.listening = True
    script.now += 60
    script.play(6, seconds=1)
    assert script.text.startswith("gbatrace: catching up")
    script.recover()
    assert all(held["png"] or held["screenshot"] for held in daemon.sets.values())


def test_a_set_whose_own_screenshot_could_not_be_sent_has_one(lua: Machine) -> None:
    disk = FakeDisk()
    script, daemon = connected(lua, disk=disk)
    script.play(2)
    script.play_half()
    script._play_frame(1)
    script.call("end_set", "")
    daemon.hang_up()
    script.run()
    script.recover()
    assert daemon.sets[2]["png"] == b"PNG 2", "the first one only made the folder"


def test_events_keep_their_place(lua: Machine) -> None:
    script, daemon, _ = offline(lua)
    script.play(2)
    script.event("mark")
    script.play(2)
    again(script, daemon)
    kinds = [message[:2] for message in daemon.messages if message[0] in (4, EVENT)]
    assert kinds.index([EVENT, 8]) == kinds.index([4, 3]) + 1


def test_another_outage_begins_a_new_spool(lua: Machine) -> None:
    script, daemon, disk = offline(lua)
    script.play(4)
    again(script, daemon)
    daemon.hang_up()
    daemon.listening = False
    script.play(3)
    assert f"{FOLDER}journal.bin" in disk.tree()
    again(script, daemon)
    assert disk.tree() == []
    assert frames_of(daemon) == list(range(1, script.frame + 1))


def test_a_set_that_was_cut_short_has_no_screenshot(lua: Machine) -> None:
    script, daemon, disk = offline(lua)
    script.play_half()
    script.end_set("savestate")
    assert [name for name in disk.tree() if name.endswith(".png")] == []
    assert script.spool[b"count"] == 3
    again(script, daemon)
    assert (daemon.sets[2]["interruption"], daemon.sets[2]["png"]) == ("savestate", b"")


class TestWhatTheDiskRefuses:
    def test_a_full_disk_is_reported_once_and_the_newest_wait_in_memory(self, lua: Machine) -> None:
        script, daemon, disk = offline(lua)
        script.play(3)
        disk.room = 100
        script.play(20)
        told = [line for line in script.said if "on disk" in line]
        assert told == ["frame sets are no longer kept on disk (No space left on device); the newest wait in memory"]
        assert (script.spool[b"count"], script.held) == (5, 9)
        again(script, daemon)
        numbers = sorted(daemon.sets)
        assert numbers[:5] == [0, 1, 2, 3, 4]
        assert frames_of(daemon)[-20:] == list(range(script.frame - 19, script.frame + 1))
        assert any("frame sets lost while there was no link" in line for line in script.said)
        assert disk.open_files == 0

    def test_sets_on_a_full_disk_stay_this_emulators(self, lua: Machine) -> None:
        script, _, disk = offline(lua)
        script.play(3)
        disk.room = 0
        script.play(1)
        journal = f"{FOLDER}journal.bin"
        assert disk.claimed == {journal}
        assert disk.open_files == 1, "on Windows an open file is the claim"
        script.spool[b"close"](script.spool)
        assert disk.claimed == set()
        assert disk.open_files == 0

    def test_a_spool_has_a_limit(self, lua: Machine) -> None:
        script, _, disk = offline(lua, ring_size=100)
        disk.files[f"{FOLDER}snapshots/0.png"] = bytearray()
        script.play(1)
        script.spool[b"bytes"] = 1 << 20
        script.play(4)
        assert script.said[-1].endswith("(the spool is full, with 1 MiB); the newest wait in memory")
        assert (script.spool[b"count"], script.held) == (3, 7)

    def test_a_folder_that_cannot_be_written_to(self, lua: Machine) -> None:
        disk = FakeDisk()
        disk.refuses_screenshots = True
        script, daemon = connected(lua, disk=disk, ring_size=100)
        script.play(2)
        daemon.hang_up()
        script.play(4)
        script.recover()
        assert frames_of(daemon) == list(range(1, script.frame + 1))
        daemon.hang_up()
        script.play(4)
        assert sum("write-protected" in line for line in script.said) == 1

    def test_a_spool_that_somebody_deletes_is_a_loss_that_is_reported(self, lua: Machine) -> None:
        script, daemon, disk = offline(lua)
        script.play(5)
        disk.files.clear()
        again(script, daemon)
        assert "1 frame set lost while there was no link" in script.said
        assert frames_of(daemon)[-4:] == list(range(script.frame - 3, script.frame + 1))

    def test_without_a_spool_nothing_touches_the_disk(self, lua: Machine) -> None:
        script, _, disk = offline(lua, spool_size=0)
        script.play(5)
        assert disk.tree() == []


class TestWhatAnEarlierRunLeft:
    def left(self, lua: Machine) -> tuple[FakeDaemon, FakeDisk]:
        """An emulator was killed in an outage: two sets were not acknowledged, three came after."""
        script, daemon, disk = offline(lua)
        script.play(2)
        script.event("mark")
        script.play(1)
        disk.open_files = 0
        daemon.listening = True
        daemon.connect()
        return daemon, disk

    def start(self, lua: Machine, daemon: FakeDaemon, disk: FakeDisk, seconds: int = 100, **options: Any) -> Script:
        script = Script(lua, daemon, disk=disk, **options)
        script.frame = 10
        contents = script.spool[b"recover"](script.spool, leftovers(lua, disk), seconds)
        if contents:
            script.link[b"take_over"](script.link, contents)
        script.open()
        return script

    def test_it_comes_first_and_the_session_continues(self, lua: Machine) -> None:
        daemon, disk = self.left(lua)
        script = self.start(lua, daemon, disk)
        script.recover()
        script.play(2)
        assert daemon.resumes == ["", "TS1"]
        assert frames_of(daemon) == list(range(1, script.frame + 1))
        assert [event[2] for event in daemon.events] == ["mark"]
        assert all(held["png"] or held["screenshot"] for number, held in daemon.sets.items())
        assert disk.tree() == []

    def test_a_daemon_that_does_not_know_it_gets_a_new_session(self, lua: Machine) -> None:
        daemon, disk = self.left(lua)
        daemon.forget()
        script = self.start(lua, daemon, disk)
        script.recover()
        assert sorted(daemon.sets) == list(range(len(daemon.sets)))
        assert frames_of(daemon)[:10] == list(range(1, 11))

    def test_a_record_that_was_cut_off_is_left_out(self, lua: Machine) -> None:
        daemon, disk = self.left(lua)
        del disk.files[f"{FOLDER}journal.bin"][-5:]
        script = self.start(lua, daemon, disk, ring_size=100)
        script.recover()
        script.play(3)
        assert sorted(daemon.sets) == list(range(len(daemon.sets)))
        assert frames_of(daemon)[:8] == list(range(1, 9))
        assert set(disk.tree()) <= {f"{FOLDER}snapshots/4.png"}

    def test_one_that_is_old_is_not_continued(self, lua: Machine) -> None:
        daemon, disk = self.left(lua)
        before = disk.tree()
        daemon.forget()
        script = self.start(lua, daemon, disk, seconds=4000)
        script.play(2)
        assert daemon.resumes == ["", ""]
        daemon.hang_up()
        script.play(2)
        assert set(disk.tree()) > set(before)
        assert "spool/2/journal.bin" in disk.tree()

    def test_one_of_another_game_is_left_alone(self, lua: Machine) -> None:
        daemon, disk = self.left(lua)
        journal = disk.files[f"{FOLDER}journal.bin"]
        journal[journal.index(b"ABAB")] = ord("9")
        self.start(lua, daemon, disk)
        assert daemon.resumes == ["", ""]
        assert f"{FOLDER}journal.bin" in disk.tree()

    def test_one_that_another_emulator_writes_is_not_touched(self, lua: Machine) -> None:
        daemon, disk = self.left(lua)
        disk.in_use.add(f"{FOLDER}journal.bin")
        self.start(lua, daemon, disk)
        assert daemon.resumes == ["", ""]
        assert len(leftovers(lua, disk)) == 0

    def test_an_end_with_much_on_disk_is_no_long_wait(self, lua: Machine) -> None:
        script, daemon, disk = offline(lua)
        script.play(400)
        daemon.listening = True
        script.now += 60
        script.play(4, seconds=1)
        script.bye()
        assert daemon.goodbye == "enough"
        assert 90 < len(daemon.sets) < 130
        assert script.spool[b"count"] > 250
        daemon.connect()
        later = self.start(lua, daemon, disk)
        later.frame = script.frame
        later.recover()
        assert frames_of(daemon) == list(range(1, later.frame + 1))


@pytest.mark.parametrize("size", [0, 1])
def test_a_frame_set_that_is_written_out_is_the_same_as_one_that_is_sent(lua: Machine, size: int) -> None:
    script, daemon, _ = offline(lua, spool_size=size, ring_size=100)
    script.play(3)
    again(script, daemon)
    raw = [frame["raw"] for number in (2, 3, 4) for frame in daemon.sets[number]["frames"]]
    assert raw == [
        [[0, frame % 2, b"\0\0", (frame + 1).to_bytes(4, "little"), frame.to_bytes(4, "little")]]
        for frame in range(4, 10)
    ]
