"""A script without an emulator: the link, played frame by frame, with a daemon and a disk that are written down."""

from collections.abc import Callable
from typing import Any

from tests.lua.fake_daemon import FakeDaemon
from tests.lua.fake_disk import FakeDisk
from tests.lua.machine import Machine, from_lua

__all__ = ["GREETING", "Script", "connected"]

GREETING = {
    "client": "BizHawk 2.11.1",
    "system": "GBA",
    "rom_name": "Tiny",
    "rom_hash": "AB" * 20,
    "regions": [{"name": "iwram", "base": 0x0300_0000, "size": 64}],
    "frames_per_set": 2,
    "scan_mode": "chunked",
    "reader": "bulk",
    "buttons": ["A", "B"],
}


class Script:
    """A script that plays two frames a set; `frame` counts them. Each changes one word."""

    def __init__(
        self,
        lua: Machine,
        daemon: FakeDaemon,
        ring_size: int = 4,
        disk: FakeDisk | None = None,
        spool_size: int = 1,
        patience: int = 2000,
    ) -> None:
        self.lua = lua
        self.daemon = daemon
        self.now = 1000
        self.frame = 0
        self.said: list[str] = []
        self.timeouts: list[int | None] = []
        self.pauses: list[Callable[[], bool]] = []
        settings = lua.to_lua(
            {
                "ring_size": ring_size,
                "patience": patience,
                "reconnect_interval": 5,
                "spool_folder": "spool",
                "spool_size": spool_size if disk else 0,
            }
        )
        greeting = lua.to_lua(GREETING)
        port = (disk or FakeDisk()).port(lua)
        self.spool = lua.require("offline.spool")[b"new"](port, self._say, greeting, settings)
        self.link = lua.require("wire.link")[b"new"](greeting, settings, self.spool)
        self._chunks = [lua.to_lua({"region": 0, "number": number}) for number in (0, 1)]
        self._add = lua.execute(
            """
            return function(link, chunk, number, now, before)
                local frame = link.outbox:blank_frame()
                frame.position, frame.frame, frame.time, frame.pc, frame.buttons = chunk.number, number, 5000, 6, 1
                frame.combination, frame.history = 'A', 'None | A'
                local changes = frame:blank()
                changes.gaps[1], changes.current[1], changes.previous[1] = 0, now, before
                frame:keep(chunk, 1)
                link:add_frame(frame)
            end
            """
        )

    def call(self, method: str, *arguments: Any) -> Any:
        return self.link[method.encode()](self.link, *map(self.lua.to_lua, arguments))

    def open(self) -> None:
        self.call("on_frame", self.now)
        self.call("open")
        self.run()

    def play(self, sets: int = 1, seconds: int = 0) -> None:
        for _ in range(sets):
            for position in (0, 1):
                self._play_frame(position)
            self.call("end_set", "")
            self.run()
            self.now += seconds

    def recover(self) -> int:
        """Play until the link is live again, a set a second; how many sets that took."""
        self.now += 5
        for sets in range(1, 1000):
            self.play(1, seconds=1)
            if self.text == "":
                return sets
        raise AssertionError(self.text)

    def play_half(self) -> None:
        self._play_frame(0)

    def end_set(self, interruption: str) -> None:
        self.call("end_set", interruption)
        self.run()

    def event(self, name: str) -> None:
        self.call("event", {"frame": self.frame, "time": 9, "name": name, "details": {}})
        self.run()

    def bye(self) -> None:
        self.call("bye", "enough")
        self.run()

    @property
    def text(self) -> str:
        return str(from_lua(self.call("status")))

    @property
    def held(self) -> int:
        return int(self.link[b"outbox"][b"sets"])

    def _say(self, text: bytes) -> None:
        self.said.append(text.decode())

    def run(self) -> None:
        while action := self.call("next_action"):
            daemon, payload = self.daemon, action[b"payload"]
            match action[b"name"]:
                case b"send":
                    self.call("sent", daemon.send(payload))
                case b"screenshot":
                    self.call("sent", daemon.screenshot())
                case b"receive":
                    self.timeouts.append(action[b"timeout"])
                    self.call("received", daemon.receive())
                case b"pause":
                    self.call("paused", self.pauses.pop(0)())
                case b"connect":
                    self.call("connected", daemon.connect())
                case b"say":
                    self.said.append(payload.decode())

    def _play_frame(self, position: int) -> None:
        self.call("on_frame", self.now)
        self.run()
        if position == 0:
            self.call("between_sets")
            self.run()
            self.call("begin_set")
        if self.call("take_keyframe_request"):
            for chunk in self._chunks:
                self.call("keyframe", chunk, self.frame.to_bytes(4, "little") + bytes(28))
        self.frame += 1
        self._add(self.link, self._chunks[position], self.frame, self.frame, self.frame - 1)
        self.run()


def connected(lua: Machine, **options: Any) -> tuple[Script, FakeDaemon]:
    daemon = FakeDaemon()
    script = Script(lua, daemon, **options)
    script.open()
    return script, daemon
