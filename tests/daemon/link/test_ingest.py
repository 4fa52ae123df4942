"""The sockets of the link, against real emulators on the loopback."""

import asyncio
import contextlib
import selectors
import socket
import sys
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field

import pytest

from daemon.link import ingest
from daemon.link.ingest import MAX_SILENT_SOFT, Connection, Ingest
from daemon.machine.file_limit import connections_allowed
from protocol.errors import MessageError, PortInUseError
from protocol.link.codec import armour, encode, unarmour
from protocol.link.connection import Received, Screenshot
from protocol.link.framing import PNG_SIGNATURE, prefix
from protocol.link.messages import Ack, Bye, Event, Farewell, Hello, Refused, SetEnd, Welcome
from protocol.packing import pack, unpack
from tests.fakes.emulator import Emulator, emulator
from tests.fakes.game import greeting
from tests.fakes.patience import PATIENCE, until

HELLO = greeting()
WELCOME = Welcome("run", "c0ffee", 0)
MARK = Event(1, 2, "mark", {})


@pytest.fixture(autouse=True)
def _hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ingest, "FAREWELL_GRACE", 0.08)
    monkeypatch.setattr(ingest, "SILENT_GRACE_S", 0.0)


@dataclass
class Listener:
    """Hears what connections say, and answers as `answer` does."""

    answer: Callable[[Connection, Received], None] = lambda connection, event: None
    heard: list[Received] = field(default_factory=list)
    connections: list[Connection] = field(default_factory=list)
    losses: list[str] = field(default_factory=list)
    rejections: list[str] = field(default_factory=list)

    def received(self, connection: Connection, event: Received) -> None:
        self.heard.append(event)
        if isinstance(event, Hello):
            self.connections.append(connection)
            connection.send(WELCOME)
        self.answer(connection, event)

    def lost(self, connection: Connection, reason: str) -> None:
        self.losses.append(reason)

    def rejected(self, peer: str, reason: str) -> None:
        assert peer.startswith("127.0.0.1:")
        self.rejections.append(reason)


@contextlib.asynccontextmanager
async def listening(listener: Listener, most: int | None = None) -> AsyncIterator[int]:
    """Listen for the length of an `async with`; gives the port."""
    taken = Ingest(listener, most)
    port = await taken.open("127.0.0.1", 0)
    try:
        yield port
    finally:
        await taken.close()


async def test_what_is_said_is_heard_and_answered() -> None:
    listener = Listener()
    async with listening(listener) as port, emulator(port) as script:
        assert await script.ask(HELLO) == WELCOME
        await script.say(MARK, Bye("enough"))
        await until(lambda: len(listener.heard) == 3)
    assert listener.heard == [HELLO, MARK, Bye("enough")]


async def test_small_replies_are_sent_at_once() -> None:
    listener = Listener()
    async with listening(listener) as port, emulator(port) as script:
        await script.ask(HELLO)
        transport = listener.connections[0]._transport
        assert transport is not None
        raw = transport.get_extra_info("socket")
        assert raw.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
        assert raw.getsockopt(socket.SOL_SOCKET, socket.SO_LINGER, len(ingest._LINGER)) == ingest._LINGER


class TestSilentConnections:
    async def test_they_are_left_in_peace(self) -> None:
        listener = Listener()
        async with listening(listener) as port, emulator(port), emulator(port), emulator(port) as script:
            assert await script.ask(HELLO) == WELCOME
        assert listener.rejections == []
        assert listener.heard == [HELLO]

    async def test_one_that_was_silent_for_long_may_speak(self) -> None:
        listener = Listener()
        async with listening(listener) as port, emulator(port) as early, emulator(port) as late:
            await late.ask(HELLO)
            assert await early.ask(HELLO) == WELCOME

    async def test_a_screenshot_before_hello_is_dropped(self) -> None:
        listener = Listener()
        async with listening(listener) as port, emulator(port) as script:
            assert await script.ask(Screenshot(PNG_SIGNATURE + b"x"), HELLO) == WELCOME
        assert listener.heard == [HELLO]

    async def test_only_so_many_are_kept_and_the_oldest_goes_first(self) -> None:
        listener = Listener()
        async with listening(listener) as port:
            silent = [await Emulator.connect(port) for _ in range(MAX_SILENT_SOFT)]
            assert await silent[1].ask(HELLO) == WELCOME
            one_more = [await Emulator.connect(port) for _ in range(2)]
            assert await silent[0].is_reset()
            assert await silent[2].ask(HELLO) == WELCOME
            assert listener.rejections == ["too many connections sent nothing"]
            for connection in silent + one_more:
                await connection.vanish()

    async def test_a_young_one_is_not_reset_while_there_is_room(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(ingest, "SILENT_GRACE_S", PATIENCE)
        listener = Listener()
        async with listening(listener) as port:
            at_once = [await Emulator.connect(port) for _ in range(2 * MAX_SILENT_SOFT)]
            for connection in at_once:
                assert await connection.ask(HELLO) == WELCOME
            for connection in at_once:
                await connection.vanish()
        assert listener.rejections == []

    async def test_of_those_that_are_no_longer_young_only_so_many_are_kept(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(ingest, "SILENT_GRACE_S", 0.1)
        listener = Listener()
        async with listening(listener) as port:
            at_once = [await Emulator.connect(port) for _ in range(MAX_SILENT_SOFT + 10)]
            await until(lambda: len(listener.rejections) == 10)
            assert await at_once[9].is_reset()
            assert await at_once[10].ask(HELLO) == WELCOME
            for connection in at_once:
                await connection.vanish()

    async def test_of_young_ones_only_so_many_are_kept_as_well(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(ingest, "SILENT_GRACE_S", PATIENCE)
        monkeypatch.setattr(ingest, "MAX_SILENT_HARD", MAX_SILENT_SOFT + 3)
        listener = Listener()
        async with listening(listener) as port:
            crowd = [await Emulator.connect(port) for _ in range(MAX_SILENT_SOFT + 5)]
            await until(lambda: len(listener.rejections) == 2)
            assert await crowd[1].is_reset()
            for connection in crowd:
                await connection.vanish()

    async def test_one_that_goes_away_makes_room(self) -> None:
        listener = Listener()
        async with listening(listener) as port:
            for _ in range(MAX_SILENT_SOFT + 5):
                async with emulator(port):
                    await asyncio.sleep(0)
        assert listener.rejections == []


class TestStrangers:
    @pytest.mark.parametrize(
        "words",
        [
            b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
            b"\x16\x03\x01\x02\x00",
            b"99999999 ",
            b"4194305 x",
            b"262145 x",
            prefix(b"no message"),
        ],
        ids=["browser", "tls", "digits", "oversized", "too long a greeting", "text"],
    )
    async def test_a_stranger_is_ended_with_one_line_and_nobody_else_notices(self, words: bytes) -> None:
        listener = Listener()
        async with listening(listener) as port, emulator(port) as script, emulator(port) as stranger:
            await script.ask(HELLO)
            await stranger.say_bytes(words)
            assert await stranger.is_reset()
            assert len(listener.rejections) == 1
            await script.say(MARK)
            await until(lambda: MARK in listener.heard)
            assert listener.losses == []

    @pytest.mark.parametrize(
        ("change", "reason"),
        [
            ({"regions": [{"name": "work ram", "base": 0, "size": 4096}]}, "the region name 'work ram' is not 1 to 32"),
            ({"regions": [{"name": "iwram", "base": 0, "size": 4098}]}, "4098 bytes: not a multiple of 4"),
            ({"scan_mode": "sometimes"}, "scan_mode is not chunked, atomic or full"),
            ({"frames_per_set": 61}, "61 frames per set: it must be 1 to 60"),
            ({"buttons": None}, "buttons is not an array"),
        ],
    )
    async def test_one_whose_greeting_is_impossible_gets_the_reason(
        self, change: dict[str, object], reason: str
    ) -> None:
        listener = Listener()
        async with listening(listener) as port, emulator(port) as stranger:
            kind, seq, fields = unpack(unarmour(encode(HELLO, 0)), arrays=list)
            await stranger.say_bytes(prefix(armour(pack([kind, seq, {**fields, **change}]))))
            answer = await stranger.hear()
            assert isinstance(answer, Refused)
            assert reason in answer.reason
            assert "config.lua" in answer.reason
            assert await stranger.is_reset()
        assert listener.rejections == [answer.reason]
        assert listener.heard == []

    async def test_one_that_goes_away_in_the_middle_of_a_word_is_forgotten(self) -> None:
        listener = Listener()
        async with listening(listener) as port:
            async with emulator(port) as stranger:
                await stranger.say_bytes(b"300 half")
            async with emulator(port) as script:
                await script.ask(HELLO)
        assert listener.rejections == []


class TestEndings:
    async def test_a_fault_of_the_emulator_is_answered_by_a_farewell_and_then_a_reset(self) -> None:
        listener = Listener()
        async with listening(listener) as port, emulator(port) as script:
            await script.ask(HELLO)
            assert await script.ask(HELLO) == Farewell("the first message must be HELLO, and only the first")
            assert await script.is_reset()
            await until(lambda: listener.losses)
        assert listener.losses == ["the first message must be HELLO, and only the first"]

    async def test_a_fault_that_the_listener_finds_ends_it_as_well(self) -> None:
        def refuse(_connection: Connection, event: Received) -> None:
            if event == MARK:
                raise MessageError("no such chunk")

        listener = Listener(refuse)
        async with listening(listener) as port, emulator(port) as script:
            await script.ask(HELLO)
            assert await script.ask(MARK) == Farewell("no such chunk")
            assert await script.is_reset()

    async def test_a_refusal_can_be_read_before_the_reset(self) -> None:
        class Refusing(Listener):
            def received(self, connection: Connection, event: Received) -> None:
                connection.send(Refused("update both"))

        async with listening(Refusing()) as port, emulator(port) as script:
            assert await script.ask(HELLO) == Refused("update both")
            assert await script.is_reset()

    async def test_the_farewell_can_be_read_though_the_emulator_goes_on_talking(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(ingest, "FAREWELL_GRACE", 0.5)
        listener = Listener()
        async with listening(listener) as port, emulator(port) as script:
            await script.ask(HELLO)
            listener.connections[0].farewell("the disk is full")
            began = asyncio.get_running_loop().time()
            for _ in range(5):
                await script.say(MARK)
                await asyncio.sleep(0.01)
            assert await script.hear() == Farewell("the disk is full")
            assert await script.is_reset()
            assert asyncio.get_running_loop().time() - began >= ingest.FAREWELL_GRACE * 0.9
            await until(lambda: listener.losses)
        assert listener.heard == [HELLO]
        assert listener.losses == ["the disk is full"]

    async def test_after_bye_the_connection_is_reset(self) -> None:
        listener = Listener()
        async with listening(listener) as port, emulator(port) as script:
            await script.ask(HELLO)
            await script.say(Bye("enough"))
            assert await script.is_reset()
            await until(lambda: listener.losses)
        assert listener.losses == ["the script sent BYE"]

    async def test_a_killed_emulator_is_lost_once(self) -> None:
        listener = Listener()
        async with listening(listener) as port:
            async with emulator(port) as script:
                await script.ask(HELLO)
            await until(lambda: listener.losses)
        assert len(listener.losses) == 1

    async def test_a_reply_for_an_emulator_that_is_gone_is_dropped(self) -> None:
        listener = Listener()
        async with listening(listener) as port:
            async with emulator(port) as script:
                await script.ask(HELLO)
                await script.say(SetEnd(0, "", screenshot=False))
                await until(lambda: len(listener.heard) == 2)
            await until(lambda: listener.losses)
            listener.connections[0].send(Ack(0))
            listener.connections[0].farewell("late")
            listener.connections[0].reset("late")
        assert len(listener.losses) == 1

    async def test_closing_resets_those_who_never_said_anything(self) -> None:
        async with listening(Listener()) as port:
            silent = await Emulator.connect(port)
            await asyncio.sleep(0.01)
        assert await silent.is_reset()
        await silent.vanish()


class TestPorts:
    async def test_a_port_that_is_in_use_is_named_with_the_option_that_chooses_another(self) -> None:
        async with listening(Listener()) as port:
            with pytest.raises(PortInUseError, match=f"Port {port} on 127.0.0.1 .*--link-port"):
                await Ingest(Listener()).open("127.0.0.1", port)

    @pytest.mark.skipif(sys.platform == "win32", reason="Windows has no TIME_WAIT for exclusive listeners")
    async def test_a_port_that_was_just_left_can_be_taken_again(self) -> None:
        listener = Listener()
        async with listening(listener) as port, emulator(port) as script:
            await script.ask(HELLO)
            await script.say(Bye(""))
            await script.is_reset()
        again = Ingest(Listener())
        assert await again.open("127.0.0.1", port) == port
        await again.close()

    async def test_one_that_never_opened_can_be_closed(self) -> None:
        await Ingest(Listener()).close()


class SelectorOfWindows(selectors.DefaultSelector):
    """Takes as many sockets as `select` does there."""

    most = 0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        self.most = max(self.most, len(self.get_map()))
        if len(self.get_map()) > 512:
            raise ValueError("too many file descriptors in select()")
        return super().select(timeout)


def test_a_selector_of_512_holds_however_many_connect(monkeypatch: pytest.MonkeyPatch) -> None:
    """As on Windows; 600 silent connections ended the daemon."""
    monkeypatch.setattr(ingest, "SILENT_GRACE_S", PATIENCE)
    monkeypatch.setattr(sys, "platform", "win32")
    most = connections_allowed()
    monkeypatch.undo()
    selector = SelectorOfWindows()

    async def flood() -> None:
        listener = Listener()
        async with listening(listener, most) as port:
            crowd = await asyncio.to_thread(lambda: [socket.create_connection(("127.0.0.1", port)) for _ in range(600)])
            try:
                async with emulator(port) as script:
                    assert await script.ask(HELLO) == WELCOME
                await until(lambda: len(listener.rejections) >= 600 - most // 2)
            finally:
                for connection in crowd:
                    connection.close()

    with asyncio.Runner(loop_factory=lambda: asyncio.SelectorEventLoop(selector)) as runner:
        runner.run(flood())
    assert most // 2 <= selector.most <= 512


async def test_where_no_other_connection_fits_it_waits_in_the_system() -> None:
    listener = Listener()
    async with listening(listener, 2) as port, emulator(port) as first:
        await first.ask(HELLO)
        async with emulator(port) as second:
            await second.ask(HELLO)
            async with emulator(port) as third:
                await third.say(HELLO)
                await asyncio.sleep(0.2)
                assert len(listener.connections) == 2
                await second.say(Bye("it makes room"))
                assert await third.hear() == WELCOME
