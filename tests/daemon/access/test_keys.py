"""Keys and tokens for programs on other machines, and the bus that asks for them."""

import errno
import io
import os
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import zmq
import zmq.asyncio
import zmq.auth

from daemon.access.keys import bus_keys, bus_secret, default_bus_keys, link_token, make_client, new_page_secret
from daemon.bus import Bus
from daemon.disk import private_files
from protocol.bus.messages import Request, pack_request, unpack_answer, unpack_publication
from protocol.bus.page_secret import KEY_BYTES
from protocol.errors import LayoutError, SettingsError
from tests.fakes.patience import PATIENCE

TOO_LONG = 300
"""Ms after which nothing will come any more."""


SECRET = "the secret of the bus"


@pytest.fixture
def data_folder(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def folder(data_folder: Path) -> Path:
    return default_bus_keys(data_folder)


class TestSecrets:
    @pytest.mark.parametrize("kept", [link_token, bus_secret])
    def test_it_is_the_same_at_every_start_and_nobody_guesses_it(
        self, tmp_path: Path, kept: Callable[[Path], str]
    ) -> None:
        token = kept(tmp_path)
        assert kept(tmp_path) == token
        assert len(token) >= 24
        assert kept(tmp_path / "other") != token
        assert bus_secret(tmp_path) != link_token(tmp_path)

    def test_it_can_be_typed_into_a_command_line_and_a_lua_string(self, tmp_path: Path) -> None:
        assert link_token(tmp_path).replace("_", "").replace("-", "").isalnum()

    @pytest.mark.parametrize("damage", [b"", b"\n", b"\xff\xfe"])
    def test_a_damaged_file_is_named_and_lets_nobody_in(self, tmp_path: Path, damage: bytes) -> None:
        link_token(tmp_path)
        (tmp_path / ".keys" / "link.token").write_bytes(damage)
        with pytest.raises(SettingsError, match=r"link\.token"):
            link_token(tmp_path)

    @pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps rights in the folder")
    @pytest.mark.parametrize("first", ["the keys", "the secrets"])
    def test_nobody_else_on_the_machine_reads_anything(self, folder: Path, data_folder: Path, first: str) -> None:
        if first == "the keys":
            make_client(folder, "laptop", data_folder)
        link_token(data_folder)
        bus_secret(data_folder)
        if first == "the secrets":
            make_client(folder, "laptop", data_folder)
        places = [data_folder / ".keys", *(data_folder / ".keys").rglob("*")]
        assert len(places) >= 10
        allowed = {str(path): path.stat().st_mode & 0o077 for path in places}
        assert set(allowed.values()) == {0}, allowed

    @pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps rights in the folder")
    def test_what_was_made_for_everybody_to_read_is_made_private(self, data_folder: Path) -> None:
        keys = data_folder / ".keys"
        keys.mkdir(parents=True)
        for name in ("link.token", "bus.secret"):
            (keys / name).write_text("made by an early version\n", encoding="ascii")
        keys.chmod(0o755)
        assert link_token(data_folder) == bus_secret(data_folder) == "made by an early version"
        assert [path.stat().st_mode & 0o077 for path in (keys, *keys.iterdir())] == [0, 0, 0]

    @pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps rights in the folder")
    def test_a_key_is_private_before_there_is_a_word_in_it(
        self, folder: Path, data_folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        opened: list[tuple[str, int]] = []
        built_in = io.open

        def noting(path: Any, mode: str = "r", *rest: Any, **named: Any) -> Any:
            file = built_in(path, mode, *rest, **named)
            if "w" in mode:
                readers = os.fstat(file.fileno()).st_mode & 0o044
                opened.append((Path(path).name, readers if Path(path).parent.stat().st_mode & 0o077 else 0))
            return file

        monkeypatch.setattr("builtins.open", noting)
        make_client(folder, "laptop", data_folder)
        assert ("laptop.key_secret", 0) in opened
        assert all(readers == 0 for _, readers in opened), opened

    def test_a_full_disk_keeps_nobody_from_starting(self, data_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        def full(_descriptor: int, _data: bytes) -> None:
            raise OSError(errno.ENOSPC, "No space left on device")

        with monkeypatch.context() as patched:
            patched.setattr(private_files, "write_all", full)
            assert bus_secret(data_folder) != bus_secret(data_folder)
        assert list((data_folder / ".keys").iterdir()) == []
        assert bus_secret(data_folder) == bus_secret(data_folder)


class TestBusKeys:
    def test_without_keys_the_bus_is_not_opened(self, folder: Path) -> None:
        with pytest.raises(SettingsError, match="gbatrace keys NAME"):
            bus_keys(folder)

    def test_a_machine_gets_a_folder_with_all_it_needs(self, folder: Path, data_folder: Path) -> None:
        client = make_client(folder, "laptop", data_folder)
        assert sorted(path.name for path in client.iterdir()) == ["bus.secret", "laptop.key_secret", "server.key"]
        assert (client / "bus.secret").read_text("ascii").strip() == bus_secret(data_folder)
        assert [path.name for path in bus_keys(folder).allowed.iterdir()] == ["laptop.key"]

    def test_a_second_machine_has_its_own(self, folder: Path, data_folder: Path) -> None:
        make_client(folder, "laptop", data_folder)
        before = bus_keys(folder)
        make_client(folder, "tower", data_folder)
        assert bus_keys(folder) == before

    @pytest.mark.parametrize("name", ["laptop", "server", "allowed"])
    def test_nothing_is_overwritten(self, folder: Path, data_folder: Path, name: str) -> None:
        make_client(folder, "laptop", data_folder)
        with pytest.raises(SettingsError, match="another name"):
            make_client(folder, name, data_folder)

    @pytest.mark.parametrize("name", ["", "..", "a/b", "a\\b", ".hidden", "con"])
    def test_a_name_stays_in_its_folder(self, folder: Path, data_folder: Path, name: str) -> None:
        with pytest.raises(LayoutError):
            make_client(folder, name, data_folder)


class Stranger:
    """A program that connects to the bus."""

    def __init__(self, pub: str, router: str, keys: Path | None = None, server: bytes = b"") -> None:
        self._context = zmq.asyncio.Context()
        self.subscriber = self._socket(zmq.SUB, pub, keys, server)
        self.subscriber.subscribe(b"")
        self.dealer = self._socket(zmq.DEALER, router, keys, server)

    def _socket(self, kind: int, address: str, keys: Path | None, server: bytes) -> "zmq.asyncio.Socket":
        socket = self._context.socket(kind)
        socket.linger = 0
        if keys is not None:
            socket.curve_serverkey = server or zmq.auth.load_certificate(keys / "server.key")[0]
            secret = next(keys.glob("*.key_secret"))
            socket.curve_publickey, socket.curve_secretkey = zmq.auth.load_certificate(secret)
        socket.connect(address)
        return socket

    async def ask(self, patience: int) -> Any:
        await self.dealer.send(pack_request(Request(1, "state", {}, SECRET)))
        if not await self.dealer.poll(patience):
            return None
        return unpack_answer(await self.dealer.recv()).result

    async def hears(self, bus: Bus, patience: int) -> bool:
        for _ in range(patience // 20):
            bus.publish("event", "s", {"event": "x"})
            if await self.subscriber.poll(20):
                return unpack_publication(await self.subscriber.recv_multipart()).session == "s"
        return False

    def close(self) -> None:
        self._context.destroy(linger=0)


Endpoints = tuple[tuple[str, str], tuple[str, str]]


@pytest.fixture
def strangers() -> Iterator[list[Stranger]]:
    strangers: list[Stranger] = []
    yield strangers
    for stranger in strangers:
        stranger.close()


def open_bus(folder: Path) -> tuple[Bus, Endpoints]:
    """A bus on loopback and, with keys, on another address that only this machine has."""

    async def state(_arguments: Mapping[str, Any]) -> str:
        return "well"

    bus = Bus(SECRET)
    here = bus.open("127.0.0.1", 0, 0, {"state": state})
    return bus, (here, bus.open_remote("127.0.0.1", 0, 0, bus_keys(folder)))


async def test_whoever_has_keys_is_answered_from_beyond(
    folder: Path, data_folder: Path, strangers: list[Stranger]
) -> None:
    laptop = make_client(folder, "laptop", data_folder)
    bus, (_, beyond) = open_bus(folder)
    strangers.append(friend := Stranger(*beyond, laptop))
    assert await friend.ask(int(PATIENCE * 1000)) == "well"
    assert await friend.hears(bus, int(PATIENCE * 1000))
    await bus.close()


async def test_on_loopback_nothing_changes(folder: Path, data_folder: Path, strangers: list[Stranger]) -> None:
    make_client(folder, "laptop", data_folder)
    bus, (here, _) = open_bus(folder)
    strangers.append(page := Stranger(*here))
    assert await page.ask(int(PATIENCE * 1000)) == "well"
    assert await page.hears(bus, int(PATIENCE * 1000))
    await bus.close()


@pytest.mark.parametrize("who", ["without keys", "with keys of its own", "who was let go", "with a false server key"])
async def test_nobody_else_hears_or_says_anything(
    folder: Path, data_folder: Path, strangers: list[Stranger], tmp_path: Path, who: str
) -> None:
    laptop = make_client(folder, "laptop", data_folder)
    server, _ = zmq.auth.load_certificate(laptop / "server.key")
    make_client(folder, "old", data_folder)
    (folder / "allowed" / "old.key").unlink()
    bus, (_, beyond) = open_bus(folder)
    match who:
        case "without keys":
            thief = Stranger(*beyond)
        case "with keys of its own":
            thief = Stranger(*beyond, make_client(tmp_path / "own", "laptop", tmp_path), server)
        case "who was let go":
            thief = Stranger(*beyond, folder / "old")
        case _:
            thief = Stranger(*beyond, laptop, zmq.curve_keypair()[0])
    strangers.append(thief)
    assert await thief.ask(TOO_LONG) is None
    assert not await thief.hears(bus, TOO_LONG)
    await bus.close()


def test_every_daemon_has_another_key() -> None:
    assert len(new_page_secret().key) == KEY_BYTES
    assert new_page_secret().key != new_page_secret().key


def test_the_password_goes_with_it() -> None:
    assert new_page_secret("correct horse").password == "correct horse"
    with pytest.raises(SettingsError, match="at least"):
        new_page_secret("short")
