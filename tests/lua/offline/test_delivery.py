"""Delivery of earlier runs' spools to their sessions while another game is played."""

from typing import Any

import pytest

from tests.lua.fake_daemon import FakeDaemon
from tests.lua.fake_disk import FakeDisk
from tests.lua.link_script import Script, connected
from tests.lua.machine import Machine, from_lua

JOURNAL = "spool/1/journal.bin"
ADVICE = 'they are in spool/1 next to the script; "gbatrace import --csv spool/1/event_log.csv" reads them there'


class Delivery:
    """A delivery of all that lies on a disk, and the daemon that it is for."""

    def __init__(self, lua: Machine, daemon: FakeDaemon, disk: FakeDisk) -> None:
        self.lua, self.daemon, self.said = lua, daemon, list[str]()
        settings = {"ring_size": 4, "patience": 2000, "reconnect_interval": 5, "token": "", "spool_folder": "spool"}
        port = disk.port(lua)
        host = lua.to_lua({"disk": port, "say": self._say, "run_link": self._run_link})
        leftovers = lua.require("offline.spool_folders")[b"leftovers"](port, b"spool")
        new = lua.require("offline.delivery")[b"new"]
        self.delivery = new(host, lua.to_lua({**settings, "spool_size": 1}), leftovers)

    def frames(self, count: int = 50) -> bool:
        """Play so many frames, a second each; whether something is left then."""
        return [bool(self.delivery[b"frame"](self.delivery, 2000 + second)) for second in range(count)][-1]

    def _say(self, text: bytes) -> None:
        self.said.append(text.decode())

    def _run_link(self, link: Any) -> None:
        stand_in = object.__new__(Script)
        stand_in.lua, stand_in.daemon, stand_in.link = self.lua, self.daemon, link
        stand_in.timeouts, stand_in.said = [], self.said
        stand_in.run()


@pytest.fixture
def left(lua: Machine) -> tuple[FakeDaemon, FakeDisk]:
    """An emulator was closed in an outage: five frame sets of a game lie on the disk."""
    disk = FakeDisk()
    script, daemon = connected(lua, disk=disk)
    script.play(2)
    daemon.hang_up()
    daemon.listening = False
    script.play(1)
    script.event("mark")
    script.play(2)
    daemon.listening = True
    disk.open_files = 0
    return daemon, disk


def test_they_go_to_the_session_that_they_belong_to(lua: Machine, left: tuple[FakeDaemon, FakeDisk]) -> None:
    daemon, disk = left
    delivery = Delivery(lua, daemon, disk)
    assert not delivery.frames()
    assert daemon.resumes == ["", "TS1"]
    greetings = [message[1] for message in daemon.messages if message[0] == 1]
    assert {**greetings[1], "resume": ""} == greetings[0]
    frames = [frame["frame"] for number in sorted(daemon.sets) for frame in daemon.sets[number]["frames"]]
    assert frames == list(range(1, 11))
    assert [event[2] for event in daemon.events] == ["mark"]
    assert daemon.goodbye == "its remaining frame sets were delivered"
    assert delivery.said == ["connected, session S1", "5 frame sets of an earlier run delivered"]
    assert disk.tree() == []
    assert disk.open_files == 0


def test_a_daemon_that_knows_the_session_no_more_opens_another(lua: Machine, left: tuple[FakeDaemon, FakeDisk]) -> None:
    daemon, disk = left
    daemon.forget()
    assert not Delivery(lua, daemon, disk).frames()
    assert sorted(daemon.sets) == [0, 1, 2, 3, 4]
    assert disk.tree() == []


def test_while_there_is_no_daemon_they_wait(lua: Machine, left: tuple[FakeDaemon, FakeDisk]) -> None:
    daemon, disk = left
    daemon.listening = False
    delivery = Delivery(lua, daemon, disk)
    assert delivery.frames(20)
    assert JOURNAL in disk.tree()
    daemon.listening = True
    assert not delivery.frames(200)
    assert disk.tree() == []


def test_what_the_daemon_refuses_stays_and_is_reported(lua: Machine, left: tuple[FakeDaemon, FakeDisk]) -> None:
    daemon, disk = left
    daemon.refuse = "a newer daemon"
    delivery = Delivery(lua, daemon, disk)
    assert not delivery.frames(3)
    assert (
        f"5 frame sets of an earlier run cannot be delivered (the daemon refused: a newer daemon); {ADVICE}"
        in delivery.said
    )
    assert JOURNAL in disk.tree()
    assert disk.open_files == 0


def test_a_daemon_that_breaks_over_them_is_not_asked_for_ever(lua: Machine, left: tuple[FakeDaemon, FakeDisk]) -> None:
    daemon, disk = left
    take = daemon._take

    def break_at_a_set(kind: int, fields: list[Any]) -> None:
        if kind == 4:
            daemon._owed += 1
            daemon.hang_up()
        else:
            take(kind, fields)

    daemon._take = break_at_a_set  # type: ignore[method-assign]
    delivery = Delivery(lua, daemon, disk)
    assert not delivery.frames(300)
    assert f"the daemon does not take them); {ADVICE}" in delivery.said[-1]


def test_a_journal_of_an_older_script_has_no_greeting(lua: Machine, left: tuple[FakeDaemon, FakeDisk]) -> None:
    daemon, disk = left
    journal = bytes(disk.files[JOURNAL])
    contents = from_lua(lua.require("offline.journal")[b"read"](lambda at, n: journal[at : at + n], len(journal)))
    old = 4 + len(contents["identity"]) + 8
    length = int.from_bytes(journal[1:5], "little")
    disk.files[JOURNAL] = bytearray(b"\0" + old.to_bytes(4, "little") + journal[5 : 5 + old] + journal[5 + length :])
    delivery = Delivery(lua, daemon, disk)
    assert not delivery.frames(2)
    assert delivery.said == [
        f"5 frame sets of an earlier run cannot be delivered (an older script wrote them); {ADVICE}"
    ]


def test_when_the_script_ends_the_rest_stays(lua: Machine, left: tuple[FakeDaemon, FakeDisk]) -> None:
    daemon, disk = left
    delivery = Delivery(lua, daemon, disk)
    daemon.mute = True
    assert delivery.frames(2)
    delivery.delivery[b"stop"](delivery.delivery, b"the script was stopped")
    assert JOURNAL in disk.tree()
    assert disk.open_files == 0
