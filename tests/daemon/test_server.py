"""The whole daemon without a page, and emulators that talk to it."""

import asyncio
import contextlib
import io
import json
import os
import re
import socket
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import psutil
import pytest
import zmq
import zmq.asyncio
from rich.console import Console

import protocol
from daemon import server
from daemon.access.keys import bus_secret
from daemon.console.terminal import Terminal
from daemon.disk.durability import Durability
from daemon.link import ingest
from daemon.server import Endpoints, serving
from daemon.settings import Settings
from daemon.writer.jobs import WriteSet
from daemon.writer.session_files import SessionFiles
from protocol.bus.messages import Answer, Publication, Request, Topic, pack_request, unpack_answer, unpack_publication
from protocol.errors import ConfigError, DataFolderError, PortInUseError, SettingsError
from protocol.link.messages import Ack, Bye, Farewell, Hello, Refused, Welcome
from protocol.session.layout import SessionFolder, session_folder
from protocol.session.reader import open_session
from tests.daemon.headless.test_cut_off import record_and_die
from tests.fakes.emulator import Emulator, emulator
from tests.fakes.game import Game, SetMessage, greeting
from tests.fakes.patience import PATIENCE, until
from tests.fakes.screenshots import png
from tests.fakes.writer_thread import write_on_a_thread

GRACE = 0.05


class Daemon:
    """A running daemon, as a test sees it."""

    def __init__(self, endpoints: Endpoints, data: Path, screen: io.StringIO) -> None:
        self.endpoints = endpoints
        self.port = endpoints.link_port
        self.data_folder = data
        self._screen = screen

    def folder(self, name: str) -> SessionFolder:
        return session_folder(self.data_folder, name)

    def metadata(self, name: str) -> dict[str, Any]:
        document: dict[str, Any] = json.loads(self.folder(name).metadata.read_bytes())
        return document

    def lines(self) -> str:
        """Return the lines shown in the terminal."""
        return self._screen.getvalue()


@pytest.fixture(autouse=True)
def _hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ingest, "FAREWELL_GRACE", GRACE)
    monkeypatch.setattr(server, "FAREWELL_GRACE", GRACE)
    monkeypatch.setattr(server, "_HOUSEKEEPING", 0.02)


@contextlib.asynccontextmanager
async def running(tmp_path: Path, **options: Any) -> AsyncIterator[Daemon]:
    screen = io.StringIO()
    settings = Settings(
        **{
            "data_folder": tmp_path / "data",
            "link_port": 0,
            "bus_port": 0,
            "command_port": 0,
            "web_port": None,
            **options,
        }
    )
    async with serving(settings, Terminal(Console(file=screen, width=200)), Path("event_logger.lua")) as ends:
        yield Daemon(ends, settings.data_folder, screen)


async def opened(script: Emulator, hello: Hello | None = None) -> Welcome:
    """Say HELLO and be welcome."""
    welcome = await script.ask(hello or greeting())
    assert isinstance(welcome, Welcome)
    return welcome


async def stored(script: Emulator, messages: list[SetMessage]) -> None:
    """Say a set and wait until it is acknowledged."""
    (number,) = {message.set for message in messages if hasattr(message, "set")}
    assert await script.ask(*messages) == Ack(number)


def rows(folder: SessionFolder, number: int) -> list[dict[str, Any]]:
    document = json.loads(folder.event(number).read_bytes())
    changes: list[dict[str, Any]] = document["memory_changes"]
    return changes


def truth(game: Game, number: int) -> list[dict[str, Any]]:
    return [
        {
            "region": row.region,
            "frame": row.frame,
            "address": f"{row.address:08X}",
            "prev_val": f"{row.previous:08X}",
            "curr_val": f"{row.current:08X}",
            "freq": game.freq(row),
        }
        for row in game.rows
        if row.frame_set_id == number
    ]


class TestRecording:
    async def test_a_session_from_the_first_word_to_the_last(self, tmp_path: Path) -> None:
        game = Game()
        async with running(tmp_path) as daemon, emulator(daemon.port) as script:
            welcome = await opened(script)
            for _ in range(10):
                await stored(script, game.frame_set())
            await script.say(Bye("the script was stopped"))
            assert await script.is_reset()
            await until(lambda: daemon.metadata(welcome.session)["ended_by"])
            folder, metadata = daemon.folder(welcome.session), daemon.metadata(welcome.session)
        assert metadata["ended_by"] == "the script was stopped"
        assert (metadata["total_frame_sets"], metadata["frame_set_id_range"]) == (10, {"min": 0, "max": 9})
        assert metadata["lost"] == {"frame_sets": 0, "screenshots": 0, "flawed": 0}
        for number in range(10):
            assert rows(folder, number) == truth(game, number)
            assert folder.screenshot(number).read_bytes() == png(number)
        assert sorted(path.name for path in folder.path.iterdir()) == sorted(
            ["changes.log", "checksums.jsonl", "memory_0.bin.zst", "session_metadata.json", *map(str, range(10))]
        )

    async def test_a_session_is_there_before_its_first_set(self, tmp_path: Path) -> None:
        async with running(tmp_path) as daemon, emulator(daemon.port) as script:
            welcome = await opened(script)
            await until(daemon.folder(welcome.session).metadata.is_file)
            assert daemon.metadata(welcome.session)["ended_by"] is None

    async def test_the_game_is_known_by_its_config(self, tmp_path: Path) -> None:
        configs = tmp_path / "data" / "game_configs"
        configs.mkdir(parents=True)
        (configs / "tiny.json").write_text('{"game": "Tiny!", "rom_names": ["tiny *"]}', encoding="utf-8")
        async with running(tmp_path) as daemon, emulator(daemon.port) as script:
            welcome = await opened(script)
        assert daemon.metadata(welcome.session)["game_name"] == "Tiny!"
        assert daemon.metadata(welcome.session)["game_config"] == "tiny.json"

    async def test_two_emulators_at_once_are_two_sessions(self, tmp_path: Path) -> None:
        games = [Game(seed=1), Game(seed=2)]
        options = {"session_name": "run"}  # Names by the clock differ where a second begins between the two.
        async with running(tmp_path, **options) as daemon, emulator(daemon.port) as one, emulator(daemon.port) as other:
            names = [(await opened(script)).session for script in (one, other)]
            for _ in range(5):
                await asyncio.gather(*map(stored, (one, other), [game.frame_set() for game in games]))
            await one.say(Bye("done"))
            await stored(other, games[1].frame_set())
        assert names == ["run", "run-2"]
        assert [daemon.metadata(name)["total_frame_sets"] for name in names] == [5, 6]
        assert [daemon.metadata(name)["ended_by"] for name in names] == ["done", "the daemon was stopped"]
        for game, name in zip(games, names, strict=True):
            assert rows(daemon.folder(name), 4) == truth(game, 4)

    async def test_another_version_is_refused_with_the_reason(self, tmp_path: Path) -> None:
        async with running(tmp_path) as daemon, emulator(daemon.port) as script:
            answer = await script.ask(greeting(protocol=2))
            assert isinstance(answer, Refused)
            assert "link version 2, the daemon version 1" in answer.reason
            assert await script.is_reset()
        assert "Refused 127.0.0.1:" in daemon.lines()
        assert sessions_in(tmp_path / "data") == []


class TestComingBack:
    async def test_a_killed_connection_loses_nothing(self, tmp_path: Path) -> None:
        game, undisturbed = Game(), Game()
        async with running(tmp_path) as daemon:
            async with emulator(daemon.port) as script:
                welcome = await opened(script)
                for _ in range(3):
                    await stored(script, game.frame_set(screenshot=False))
                await script.say(*game.frame_set(screenshot=False)[:3])
            async with emulator(daemon.port) as script:
                again = await opened(script, greeting(resume=welcome.resume))
                assert again == Welcome(welcome.session, welcome.resume, 3)
                await stored(script, game.again(3))
                await script.say(*game.keyframes())
                for _ in range(3):
                    await stored(script, game.frame_set(screenshot=False))
                await script.say(Bye("done"))
                assert await script.is_reset()
        async with running(tmp_path) as other, emulator(other.port) as script:
            name = (await opened(script)).session
            for _ in range(7):
                await stored(script, undisturbed.frame_set(screenshot=False))
        for number in range(7):
            assert (
                daemon.folder(welcome.session).event(number).read_bytes()
                == other.folder(name).event(number).read_bytes()
            )
        names = [json.loads(line)["name"] for line in daemon.folder(welcome.session).events.read_bytes().splitlines()]
        assert names == ["connection_lost"]

    async def test_a_script_that_opens_another_connection_goes_on_there(self, tmp_path: Path) -> None:
        game = Game()
        async with running(tmp_path) as daemon, emulator(daemon.port) as stale, emulator(daemon.port) as fresh:
            welcome = await opened(stale)
            await stored(stale, game.frame_set())
            again = await opened(fresh, greeting(resume=welcome.resume))
            assert (again.session, again.next_set) == (welcome.session, 1)
            assert await stale.is_reset()
            await stored(fresh, game.frame_set())
        assert daemon.metadata(welcome.session)["total_frame_sets"] == 2

    async def test_sets_that_are_being_stored_are_stored_before_the_script_is_welcome_again(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        gate = slow_disk(monkeypatch)
        game = Game()
        async with running(tmp_path) as daemon:
            async with emulator(daemon.port) as script:
                welcome = await opened(script)
                await script.say(*game.frame_set())
                await asyncio.sleep(0.02)
            async with emulator(daemon.port) as script:
                await script.say(greeting(resume=welcome.resume))
                await asyncio.sleep(0.02)
                gate.set()
                assert await script.hear() == Welcome(welcome.session, welcome.resume, 1)
                await stored(script, game.frame_set())
        assert daemon.metadata(welcome.session)["total_frame_sets"] == 2

    async def test_a_session_without_an_emulator_that_was_cut_off_is_closed(self, tmp_path: Path) -> None:
        left = record_and_die(tmp_path / "data", 9)
        async with running(tmp_path):
            while open_session(left).metadata.ended_by is None:  # noqa: ASYNC110 - a thread closes it
                await asyncio.sleep(0.02)
        assert str(open_session(left).metadata.ended_by).startswith("it was cut off at ")

    async def test_a_set_that_could_not_be_stored_is_asked_for_again(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        write_on_a_thread(monkeypatch)
        game = Game()
        async with running(tmp_path) as daemon:
            async with emulator(daemon.port) as script:
                welcome = await opened(script)
                await stored(script, game.frame_set())
                with monkeypatch.context() as full:
                    full.setattr("daemon.writer.session_files.write_file", no_room)
                    answer = await script.ask(*game.frame_set())
                    assert isinstance(answer, Farewell)
                    assert "is full: make room, recording goes on by itself" in answer.reason
                    assert await script.is_reset()
            async with emulator(daemon.port) as script:
                again = await opened(script, greeting(resume=welcome.resume))
                assert again.next_set == 1
                await stored(script, game.again(1))
        assert daemon.metadata(welcome.session)["total_frame_sets"] == 2
        assert "stopped recording. The disk with" in daemon.lines()

    async def test_an_emulator_that_does_not_come_back_ends_its_session(self, tmp_path: Path) -> None:
        async with running(tmp_path, lost_patience=0.0) as daemon:
            async with emulator(daemon.port) as script:
                welcome = await opened(script)
                await stored(script, Game().frame_set())
            await until(lambda: daemon.metadata(welcome.session)["ended_by"])
            assert daemon.metadata(welcome.session)["ended_by"] == "its emulator did not come back"


class TestStopping:
    async def test_a_live_session_is_ended_with_all_that_it_has(self, tmp_path: Path) -> None:
        game, stack = Game(), contextlib.AsyncExitStack()
        daemon = await stack.enter_async_context(running(tmp_path))
        async with emulator(daemon.port) as script:
            welcome = await opened(script)
            await stored(script, game.frame_set())
            await stored(script, game.frame_set())
            await script.say(*game.frame_set()[:-1])
            await asyncio.sleep(0.02)
            stopping = asyncio.create_task(stack.aclose())
            assert await script.hear() == Farewell("the daemon was stopped")
            assert await script.is_reset()
            await stopping
        metadata = daemon.metadata(welcome.session)
        assert (metadata["total_frame_sets"], metadata["ended_by"]) == (3, "the daemon was stopped")
        assert metadata["ended_at"] is not None
        assert rows(daemon.folder(welcome.session), 2) == truth(game, 2)

    async def test_an_emulator_that_comes_while_the_daemon_stops_is_sent_away(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        gate = slow_disk(monkeypatch)
        stack = contextlib.AsyncExitStack()
        daemon = await stack.enter_async_context(running(tmp_path))
        async with emulator(daemon.port) as script, emulator(daemon.port) as late:
            await opened(script)
            await script.say(*Game().frame_set())
            await asyncio.sleep(0.02)
            stopping = asyncio.create_task(stack.aclose())
            await asyncio.sleep(0.02)
            assert await late.ask(greeting()) == Farewell("the daemon was stopped")
            gate.set()
            async with asyncio.timeout(PATIENCE):
                await stopping
        assert len(sessions_in(tmp_path / "data")) == 1


class TestTheBus:
    async def test_who_subscribes_sees_the_session_and_its_sets(self, tmp_path: Path) -> None:
        game = Game()
        async with running(tmp_path) as daemon, subscribed(daemon) as bus, emulator(daemon.port) as script:
            welcome = await opened(script)
            for _ in range(2):
                await stored(script, game.frame_set())
            await script.say(Bye("done"))
            seen: list[Publication] = []
            while len(seen) < 4:
                publication = unpack_publication(await bus.recv_multipart())
                if publication.session == welcome.session:
                    seen.append(publication)
        assert [one.topic for one in seen] == [Topic.SESSION, Topic.SET, Topic.SET, Topic.SESSION]
        assert [one.n for one in seen] == sorted({one.n for one in seen})
        assert [one.body["session"]["state"] for one in (seen[0], seen[3])] == ["live", "ended"]
        second = seen[2].body
        assert second["frame_set"]["frame_set_id"] == 1
        assert second["png"] == png(1)
        addresses = [
            int.from_bytes(scan["addresses"][at : at + 4], "little")
            for scan in second["changes"]
            for at in range(0, len(scan["addresses"]), 4)
        ]
        assert addresses == [row.address for row in game.rows if row.frame_set_id == 1]

    async def test_who_comes_late_asks_for_the_state(self, tmp_path: Path) -> None:
        async with running(tmp_path) as daemon, emulator(daemon.port) as script:
            welcome = await opened(script)
            await stored(script, Game().frame_set())
            state = await ask(daemon, "state")
        assert [summary["session_id"] for summary in state["sessions"]] == [welcome.session]
        assert state["sessions"][0]["frame_sets"] == 1
        assert state["n"] == 2
        assert state["link"] == {"host": "127.0.0.1", "port": daemon.port, "launch": daemon.endpoints.launch}
        assert state["data_folder"] == str(tmp_path / "data")

    async def test_every_command_of_the_law_is_known(self, tmp_path: Path) -> None:
        page = (Path(protocol.__file__).parent / "README.md").read_text("utf-8")
        commands = re.findall(r"^\| ((?:`\w+`(?:, )?)+) \| (?:none|`session`)", page, re.MULTILINE)
        names = [name for cell in commands for name in re.findall(r"`(\w+)`", cell)]
        assert "state" in names
        async with running(tmp_path) as daemon:
            for name in names:
                answer = await answered(daemon, name)
                assert answer.error is None or answer.error[0] != "MessageError", name

    async def test_what_is_latched_is_on_the_disk_with_the_next_set(self, tmp_path: Path) -> None:
        async with running(tmp_path) as daemon, emulator(daemon.port) as script:
            welcome = await opened(script)
            arguments = {"session": welcome.session, "labels": {"context": "battle"}, "who": "ann", "origin": "page"}
            assert await ask(daemon, "latch", arguments) == {}
            await script.ask(*Game().frame_set())
        labels = json.loads(daemon.folder(welcome.session).annotations(0).read_bytes())
        assert labels["context"] == "battle"
        assert daemon.folder(welcome.session).annotation_history.is_file()


class TestWhatIsInTheWay:
    async def test_a_data_folder_that_cannot_be_written(self, tmp_path: Path) -> None:
        (tmp_path / "data").write_bytes(b"in the way")
        with pytest.raises(DataFolderError):
            async with running(tmp_path):
                pass

    @pytest.mark.parametrize("option", ["link_port", "bus_port", "command_port"])
    async def test_a_port_that_is_in_use(self, tmp_path: Path, option: str) -> None:
        async with running(tmp_path) as daemon:
            taken = {
                "link_port": daemon.port,
                "bus_port": int(daemon.endpoints.pub.rpartition(":")[2]),
                "command_port": int(daemon.endpoints.router.rpartition(":")[2]),
            }[option]
            with pytest.raises(PortInUseError, match=f"Port {taken} .* --{option.replace('_', '-')}"):
                async with running(tmp_path, **{option: taken}):
                    pass

    async def test_a_game_config_that_cannot_be_used(self, tmp_path: Path) -> None:
        (tmp_path / "odd.json").write_text("{", encoding="utf-8")
        with pytest.raises(ConfigError, match=r"odd\.json is not JSON"):
            async with running(tmp_path, game_config=tmp_path / "odd.json"):
                pass

    async def test_an_emulator_that_came_before_the_page_failed_has_a_session_that_ended(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        welcomes: list[Welcome] = []
        with socket.create_server(("127.0.0.1", 0)) as probe:
            port = int(probe.getsockname()[1])

        class Page:
            def __init__(self, *_arguments: object) -> None:
                pass

            async def start(self) -> str:
                async with emulator(port) as script:
                    welcomes.append(await opened(script))
                raise SettingsError("Port 5000 on 127.0.0.1 (the live page) is in use.")

            async def stop(self) -> None:
                pass

        monkeypatch.setattr(server, "WebProcess", Page)
        with pytest.raises(SettingsError, match="the live page"):
            async with running(tmp_path, link_port=port, web_port=5000):
                pass
        (welcome,) = welcomes
        metadata = json.loads(session_folder(tmp_path / "data", welcome.session).metadata.read_bytes())
        assert metadata["ended_by"] == "the daemon was stopped"

    async def test_a_disk_that_is_full_is_waited_for(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        (tmp_path / "data").mkdir()
        write_on_a_thread(monkeypatch)
        with monkeypatch.context() as full:
            full.setattr(Path, "write_bytes", no_room)
            full.setattr("daemon.disk.files.write_all", no_room)
            async with running(tmp_path) as daemon:
                assert "data is full. Nothing can be recorded until there is room" in daemon.lines()
                async with emulator(daemon.port) as script:
                    farewell = await script.ask(greeting())
                    assert isinstance(farewell, Farewell)
                    assert "is full: make room" in farewell.reason
                full.undo()
                async with emulator(daemon.port) as script:
                    await opened(script)
                    await stored(script, Game().frame_set())


def no_room(_path: object, _data: bytes) -> None:
    raise OSError(28, "No space left on device")


def slow_disk(monkeypatch: pytest.MonkeyPatch) -> "asyncio.Event":
    """Let no frame set be stored until the returned event is set."""
    write_on_a_thread(monkeypatch)
    gate = asyncio.Event()
    loop = asyncio.get_running_loop()
    write = SessionFiles.write_frame_set

    def held(files: SessionFiles, frame_set: WriteSet, *, again: bool = False) -> None:
        asyncio.run_coroutine_threadsafe(gate.wait(), loop).result(PATIENCE)
        write(files, frame_set, again=again)

    monkeypatch.setattr(SessionFiles, "write_frame_set", held)
    return gate


def sessions_in(data_folder: Path) -> list[str]:
    return [path.name for path in data_folder.iterdir() if not path.name.startswith(".")]


@contextlib.asynccontextmanager
async def subscribed(daemon: Daemon) -> AsyncIterator["zmq.asyncio.Socket"]:
    """Subscribe to everything; a subscription takes a moment, so sessions are opened until one is heard of."""
    with zmq.asyncio.Context() as context, context.socket(zmq.SUB) as socket:
        socket.setsockopt(zmq.RCVTIMEO, int(1000 * PATIENCE))
        socket.setsockopt(zmq.LINGER, 0)
        socket.subscribe(b"")
        socket.connect(daemon.endpoints.pub)
        while not await socket.poll(20):
            async with emulator(daemon.port) as knocking:
                await opened(knocking, greeting(rom_name="Knock"))
        yield socket


async def answered(daemon: Daemon, command: str, arguments: dict[str, Any] | None = None) -> Answer:
    with zmq.asyncio.Context() as context, context.socket(zmq.DEALER) as socket:
        socket.setsockopt(zmq.LINGER, 0)
        socket.setsockopt(zmq.RCVTIMEO, int(1000 * PATIENCE))
        socket.connect(daemon.endpoints.router)
        await socket.send(pack_request(Request(7, command, arguments or {}, bus_secret(daemon.data_folder))))
        return unpack_answer(await socket.recv())


async def ask(daemon: Daemon, command: str, arguments: dict[str, Any] | None = None) -> Any:
    answer = await answered(daemon, command, arguments)
    assert (answer.id, answer.error) == (7, None)
    return answer.result


class TestDurability:
    @pytest.mark.parametrize("durability", Durability)
    async def test_what_is_recorded_is_forced_out_where_that_is_chosen(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, durability: Durability
    ) -> None:
        write_on_a_thread(monkeypatch)
        synced: set[int] = set()
        fsync = os.fsync

        def noting(descriptor: int) -> None:
            synced.add(os.fstat(descriptor).st_ino)
            fsync(descriptor)

        monkeypatch.setattr(server, "SYNC_PAUSE", 0.02)
        monkeypatch.setattr(os, "fsync", noting)
        async with running(tmp_path, durability=durability) as daemon, emulator(daemon.port) as script:
            welcome = await opened(script)
            await stored(script, Game().frame_set())
            folder = daemon.folder(welcome.session)
            files = {path: path.stat().st_ino for path in (folder.event(0), folder.screenshot(0), folder.checksums)}
            assert folder.metadata.stat().st_ino in synced
            if durability is Durability.POWER:
                await until(lambda: synced.issuperset(files.values()))
            else:
                await asyncio.sleep(0.1)
                assert synced.isdisjoint(files.values())


class TestFoldersThatDisappear:
    async def test_a_data_folder_that_is_deleted_is_reported_while_nobody_plays(self, tmp_path: Path) -> None:
        async with running(tmp_path) as daemon:
            (tmp_path / "data").rename(tmp_path / "moved")
            await until(lambda: "The data folder" in daemon.lines())
            async with emulator(daemon.port) as script:
                await opened(script)
                await stored(script, Game().frame_set())

    async def test_a_session_that_is_deleted_is_reported_while_its_game_is_paused(self, tmp_path: Path) -> None:
        async with running(tmp_path, session_name="run") as daemon:
            game = Game()
            async with emulator(daemon.port) as script:
                welcome = await opened(script)
                await stored(script, game.frame_set())
                daemon.folder("run").path.rename(tmp_path / "moved")
                await until(lambda: f"The folder {daemon.folder('run').path} was deleted" in daemon.lines())
                farewell = await script.ask(*game.frame_set())
                assert isinstance(farewell, Farewell)
                assert "was deleted while it was being written" in farewell.reason
            async with emulator(daemon.port) as script:
                again = await opened(script, greeting(resume=welcome.resume))
                assert again.next_set == 1
                await stored(script, game.again(1))


async def test_a_writer_that_never_goes_on_does_not_hold_up_the_end_for_ever(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server, "STUCK", 0.5)
    async with asyncio.timeout(PATIENCE):
        async with running(tmp_path, session_name="run") as daemon, emulator(daemon.port) as script:
            await opened(script)
            await stored(script, Game().frame_set())
            [writer] = [child for child in psutil.Process().children() if "daemon.writer" in child.cmdline()]
            writer.suspend()
            monkeypatch.setattr(server, "FAREWELL_GRACE", 0)
    assert "The disk has taken nothing for" in daemon.lines()
