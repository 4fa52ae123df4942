"""BizHawk as the script meets it, written down for tests: every function it calls, counted, and no real time.

The comm socket leads straight into a `FakeDaemon`. A function that this BizHawk lacks is nil; all others are userdata.
"""

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.lua.fake_daemon import FakeDaemon
from tests.lua.machine import SCRIPT_FOLDER, Machine

__all__ = ["BUTTONS", "FakeBizHawk"]

BUTTONS = ("A", "B", "Select", "Start", "Right", "Left", "Up", "Down", "R", "L", "Power")

WRONG_DOMAIN = b"\xee"


class FakeBizHawk:
    """One emulator with the script in it.

    Args:
        flavour: a release (bulk reads from `2.11.1` on), or `old`, which has neither bulk reads nor hashes.
        daemon: at the other end of the socket; None for a BizHawk without one.
        userdata: settings from the command line. There is no spool unless they say so.
        config: text of a `config.lua` to use in place of the script's own.

    Attributes:
        memory: domains by name.
        calls: calls into BizHawk in the last frame.
        drawn: texts drawn in the last frame.
        lines: the Lua console.
    """

    def __init__(
        self,
        daemon: FakeDaemon | None,
        flavour: str = "2.11.1",
        userdata: dict[str, object] | None = None,
        config: str | None = None,
    ) -> None:
        self.daemon = daemon
        self.flavour = flavour
        self.memory = {"IWRAM": bytearray(0x8000), "EWRAM": bytearray(0x40000), "SRAM": bytearray(0x20000)}
        self.frame = 1000
        self.seconds = 1_753_996_829
        self.rom = "AB" * 20
        self.system = "GBA"
        self.pc: int | None = -0x7FFF_FE08
        self.pressed: set[str] = set()
        self.keys: set[str] = set()
        self.calls = 0
        self.drawn: list[str] = []
        self.lines: list[str] = []
        self.timeouts: list[int] = []
        self.connects: list[int] = []
        self.callbacks: dict[str, list[Any]] = {}
        self._broken_rules: list[AssertionError] = []
        self._userdata = {"spool_size": 0, **(userdata or {})}
        self._lua = Machine()
        self._main = self._prepare(config)
        self._resume()
        self.startup_calls, self.calls = self.calls, 0

    def play(self, frames: int = 1, change: Callable[["FakeBizHawk"], object] | None = None) -> None:
        """Run frames; `change` may write to memory in each."""
        for _ in range(frames):
            self.frame += 1
            if change:
                change(self)
            self.end_frame()

    def end_frame(self) -> None:
        """Let a frame end, whatever its number."""
        self.calls = 0
        self.drawn = []
        self.fire("onframeend")
        self._resume()

    def fire(self, event: str, *arguments: str) -> None:
        """Call what the script registered."""
        for callback in self.callbacks.get(event, []):
            callback(*map(self._lua.to_lua, arguments))
        if self._broken_rules:
            raise self._broken_rules[0]

    def poke(self, domain: str, address: int, value: int) -> None:
        """Write a 32-bit word."""
        self.memory[domain][address : address + 4] = value.to_bytes(4, "little")

    def run_lua(self, code: str) -> Any:
        """Run code in the script's Lua state."""
        return self._lua.execute(code)

    @property
    def alive(self) -> bool:
        """True while the script's main chunk runs."""
        return bool(self._main[b"alive"]())

    def _prepare(self, config: str | None) -> Any:
        for name, functions in self._libraries().items():
            self._lua.execute(
                "local name, library = ... _G[name] = library",
                name,
                {key: self._counted(f) for key, f in functions.items()},
            )
        self._lua.execute("emu.frameadvance = coroutine.yield")
        self._lua.execute("local seconds = ... os.time = function() return seconds() end", lambda: self.seconds)
        self._lua.execute(
            """
            local folder, config = ...
            local plain = loadfile
            loadfile = function(name)
                if config then return load(config, '@' .. name) end
                return plain(folder .. '/' .. name)
            end
            """,
            SCRIPT_FOLDER.as_posix(),
            config,
        )
        script = (SCRIPT_FOLDER / "event_logger.lua").read_text(encoding="utf-8")
        return self._lua.execute(
            """
            local main = coroutine.create(assert(load(..., 'main')))
            return {
                resume = function() assert(coroutine.resume(main)) end,
                alive = function() return coroutine.status(main) == 'suspended' end,
            }
            """,
            script,
        )

    def _resume(self) -> None:
        self._main[b"resume"]()

    def _counted(self, function: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any) -> Any:
            self.calls += 1
            try:
                return self._lua.to_lua(function(*arguments))
            except AssertionError as broken:
                self._broken_rules.append(broken)
                raise

        return call

    def _libraries(self) -> dict[str, dict[str, Callable[..., Any]]]:
        events = ("onframeend", "onloadstate", "onsavestate", "onexit", "onconsoleclose")
        memory: dict[str, Callable[..., Any]] = {
            "getmemorydomainlist": lambda: dict(enumerate(self.memory)),
            "getmemorydomainsize": lambda domain: len(self._domain(domain)),
            "read_u32_le": lambda address, domain: int.from_bytes(self._read(address, 4, domain), "little"),
        }
        if self.flavour != "old":
            memory["hash_region"] = lambda *where: hashlib.sha256(self._read(*where)).hexdigest().upper()
            memory["read_bytes_as_array"] = lambda *where: list(self._read(*where))
        if self.flavour == "2.11.1":
            memory["read_bytes_as_binary_string"] = self._read
        return {
            "memory": memory,
            "comm": self._comm(),
            "event": {name: self._registrar(name) for name in events},
            "emu": {
                "framecount": lambda: self.frame,
                "getsystemid": lambda: self.system,
                "getregister": self._register,
                "getregisters": lambda: {} if self.pc is None else {"R15": self.pc},
            },
            "gameinfo": {"getromhash": lambda: self.rom, "getromname": lambda: "Tiny Game"},
            "client": {"getversion": lambda: self.flavour, "screenshot": self._screenshot},
            "joypad": {"getwithmovie": lambda: {name: name in self.pressed for name in BUTTONS}},
            "input": {"get": lambda: dict.fromkeys(self.keys, True)},
            "gui": {"text": lambda _x, _y, text: self.drawn.append(text.decode())},
            "console": {"log": lambda text: self.lines.append(text.decode())},
            "userdata": {
                "get": lambda key: self._userdata.get(key.decode()),
                "set": lambda key, value: self._userdata.update({key.decode(): value.decode()}),
                "remove": lambda key: self._userdata.pop(key.decode(), None) is not None,
            },
        }

    def _screenshot(self, path: bytes) -> None:
        file = Path(path.decode())
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(b"\x89PNG at frame %d" % self.frame)

    def _registrar(self, name: str) -> Callable[[Any], None]:
        return lambda callback: self.callbacks.setdefault(name, []).append(callback)

    def _register(self, name: bytes) -> int:
        assert name == b"R15"
        assert self.pc is not None, "a core without registers logs an error at every call"
        return self.pc

    def _domain(self, domain: bytes) -> bytearray:
        return self.memory.get(domain.decode(), bytearray(WRONG_DOMAIN * 0x40000))

    def _read(self, address: int, length: int, domain: bytes) -> bytes:
        assert self.rom, "memory is read without a game"
        memory = self._domain(domain)
        assert 0 <= address <= len(memory) - length
        return bytes(memory[address : address + length])

    def _comm(self) -> dict[str, Callable[..., Any]]:
        daemon = self.daemon
        if daemon is None:
            return {"socketServerGetPort": lambda: None, "socketServerSend": lambda _text: -1}

        def connect(port: int) -> None:
            self.connects.append(port)
            self.timeouts.clear()
            if not daemon.connect():
                raise ConnectionRefusedError("No connection could be made")

        def response() -> bytes:
            assert self.timeouts, "a read without a time-out would stop the game for ever"
            return daemon.receive() or b""

        def send(payload: bytes) -> int:
            assert payload.decode("utf-8", "replace").encode() == payload, "BizHawk damages this payload"
            return len(payload) if daemon.send(payload) else -1

        def screenshot() -> bytes:
            return b"Screenshot was sent" if daemon.screenshot() else b"Screenshot could not be sent"

        return {
            "socketServerGetPort": lambda: 9999,
            "socketServerSetPort": connect,
            "socketServerSetTimeout": self.timeouts.append,
            "socketServerSend": send,
            "socketServerScreenShot": screenshot,
            "socketServerResponse": response,
        }
