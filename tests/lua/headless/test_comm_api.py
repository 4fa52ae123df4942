"""The comm socket, row by row of BizHawk's behaviour, against a real TCP peer."""

import io
import re

import numpy as np
import pytest
from PIL import Image

from lua.headless.errors import FrozenError, NobodyListensError
from tests.fakes.consoles import SyntheticCore
from tests.lua.headless.conftest import StartScript
from tests.lua.headless.peer import Peer

PNG = b"\x89PNG\r\n\x1a\n"
FOREVER = "\nwhile true do emu.frameadvance() end"


def lua_bytes(data: bytes) -> str:
    """Spell bytes as a Lua string literal."""
    return '"' + "".join(f"\\x{byte:02x}" for byte in data) + '"'


class TestStartUp:
    def test_connects_before_any_script_runs_and_says_nothing(self, start: StartScript, peer: Peer) -> None:
        start("print(comm.socketServerIsConnected())" + FOREVER, link=peer.link)
        assert peer.accept().is_silent()
        assert peer.no_connection_waits()

    def test_does_not_start_when_nobody_listens(self, start: StartScript, peer: Peer) -> None:
        peer.stop_listening()
        with pytest.raises(NobodyListensError, match=re.escape(f"127.0.0.1:{peer.port}: start the daemon first")):
            start("", link=peer.link)

    def test_resolves_no_host_names(self, start: StartScript, peer: Peer) -> None:
        with pytest.raises(ValueError, match="localhost"):
            start("", link=("localhost", peer.port))


class TestWithoutSocketFlags:
    def test_sending_gives_minus_one_and_says_why(self, start: StartScript) -> None:
        emulator = start("print(comm.socketServerSend('hello'), comm.socketServerSendBytes({1, 2}))")
        assert emulator.console.lines[-1] == "-1\t-1"
        assert emulator.console.lines[0].startswith("Socket server was not initialized")

    def test_asking_whether_it_is_connected_throws(self, start: StartScript) -> None:
        emulator = start("print(select(2, pcall(comm.socketServerIsConnected)).InnerException.Message)")
        assert emulator.console.lines == ["Object reference not set to an instance of an object."]

    def test_the_others_give_nil(self, start: StartScript) -> None:
        emulator = start(
            "print(comm.socketServerResponse(), comm.socketServerScreenShot(), comm.socketServerScreenShotResponse(),"
            " comm.socketServerSetTimeout(5), comm.socketServerGetIp(), comm.socketServerGetPort())"
        )
        assert emulator.console.lines[-1] == "\t".join(["nil"] * 6)

    def test_setting_an_address_throws(self, start: StartScript) -> None:
        emulator = start("print((pcall(comm.socketServerSetPort, 9999)), (pcall(comm.socketServerSetIp, '127.0.0.1')))")
        assert emulator.console.lines[-1] == "False\tFalse"


class TestSend:
    def test_prefixes_the_length_in_bytes(self, start: StartScript, peer: Peer) -> None:
        emulator = start(
            "print(comm.socketServerSend('grün'), comm.socketServerSuccessful())" + FOREVER, link=peer.link
        )
        assert peer.accept().read(7) == b"5 gr\xc3\xbcn"
        assert emulator.console.lines == ["7\tTrue"]

    def test_nul_bytes_survive(self, start: StartScript, peer: Peer) -> None:
        start(f"comm.socketServerSend({lua_bytes(bytes(3) + b'a' + bytes(1))})", link=peer.link)
        assert peer.accept().read_payload() == b"\0\0\0a\0"

    @pytest.mark.parametrize(
        ("sent", "arrives"),
        [
            (b"\x80", "\ufffd"),
            (b"a\xffb", "a\ufffdb"),
            (b"\xc3", "\ufffd"),
            (b"\x89PNG", "\ufffdPNG"),
            (b"\xed\xa0\x80", "\ufffd\ufffd\ufffd"),
            ("ÿ\u0080\U0001f3ae".encode(), "ÿ\u0080\U0001f3ae"),
        ],
    )
    def test_whatever_is_not_utf8_is_destroyed(self, start: StartScript, peer: Peer, sent: bytes, arrives: str) -> None:
        start(f"comm.socketServerSend({lua_bytes(sent)})", link=peer.link)
        assert peer.accept().read_payload() == arrives.encode()

    def test_an_error_gives_minus_one_and_nothing_reconnects(self, start: StartScript, peer: Peer) -> None:
        emulator = start(
            "event.onframeend(function() print(comm.socketServerSend('x'), comm.socketServerSuccessful(),"
            " comm.socketServerIsConnected()) end)" + FOREVER,
            link=peer.link,
        )
        peer.accept().reset()
        emulator.run_frames(3)
        assert emulator.console.lines[1:] == ["-1\tFalse\tTrue"] * 2
        assert peer.no_connection_waits()


class TestSendBytes:
    def test_sends_a_table_without_a_prefix(self, start: StartScript, peer: Peer) -> None:
        emulator = start("print(comm.socketServerSendBytes({0, 255, 256 + 7, 32}))", link=peer.link)
        assert peer.accept().read(4) == b"\x00\xff\x07\x20"
        assert emulator.console.lines == ["4"]

    def test_boxes_every_element(self, start: StartScript, peer: Peer) -> None:
        emulator = start("emu.frameadvance() comm.socketServerSendBytes({1, 2, 3})" + FOREVER, link=peer.link)
        emulator.run_frame()
        assert emulator.costs.last_frame == (1, 3, 0, 3)

    def test_takes_no_string(self, start: StartScript, peer: Peer) -> None:
        assert start("print((pcall(comm.socketServerSendBytes, 'abc')))", link=peer.link).console.lines == ["False"]

    def test_takes_no_fractions(self, start: StartScript, peer: Peer) -> None:
        assert start("print((pcall(comm.socketServerSendBytes, {1.5})))", link=peer.link).console.lines == ["False"]


class TestResponse:
    def test_reads_one_reply(self, start: StartScript, peer: Peer) -> None:
        emulator = start("emu.frameadvance() print(comm.socketServerResponse())" + FOREVER, link=peer.link)
        peer.accept().reply("schön".encode())
        emulator.run_frame()
        assert emulator.console.lines == ["schön"]

    def test_a_reply_is_text(self, start: StartScript, peer: Peer) -> None:
        emulator = start("emu.frameadvance() print(#comm.socketServerResponse())" + FOREVER, link=peer.link)
        peer.accept().reply(b"a\xffb")
        emulator.run_frame()
        assert emulator.console.lines == ["5"]

    def test_the_default_is_to_wait_for_ever(self, start: StartScript, peer: Peer) -> None:
        emulator = start("", link=peer.link)
        assert emulator.socket is not None
        assert emulator.socket.timeout is None

    def test_a_timeout_gives_an_empty_string(self, start: StartScript, peer: Peer) -> None:
        emulator = start(
            "comm.socketServerSetTimeout(20) print('[' .. comm.socketServerResponse() .. ']')", link=peer.link
        )
        assert emulator.console.lines == ["[]"]

    def test_a_timeout_in_the_middle_leaves_the_stream_out_of_step(self, start: StartScript, peer: Peer) -> None:
        emulator = start(
            "comm.socketServerSetTimeout(50) event.onframeend(function()"
            " print('[' .. comm.socketServerResponse() .. ']') end)" + FOREVER,
            link=peer.link,
        )
        daemon = peer.accept()
        daemon.send(b"10 first")
        emulator.run_frame()
        daemon.send(b" half7 another")
        emulator.run_frame()
        assert emulator.console.lines == ["[]", "[]"]

    @pytest.mark.parametrize("rubbish", [b"twelve bytes", b"-3 abc", b"99999999999 a", b"0 ", b" "])
    def test_rubbish_gives_an_empty_string(self, start: StartScript, peer: Peer, rubbish: bytes) -> None:
        emulator = start(
            "comm.socketServerSetTimeout(50) emu.frameadvance() print('[' .. comm.socketServerResponse() .. ']')",
            link=peer.link,
        )
        peer.accept().send(rubbish)
        emulator.run_frame()
        assert emulator.console.lines == ["[]"]

    def test_a_reset_gives_an_empty_string(self, start: StartScript, peer: Peer) -> None:
        emulator = start("emu.frameadvance() print('[' .. comm.socketServerResponse() .. ']')", link=peer.link)
        peer.accept().reset()
        emulator.run_frame()
        assert emulator.console.lines == ["[]"]

    def test_a_farewell_arrives_before_the_reset(self, start: StartScript, peer: Peer) -> None:
        emulator = start("emu.frameadvance() print(comm.socketServerResponse())", link=peer.link)
        daemon = peer.accept()
        daemon.reply(b"farewell")
        emulator.run_frame()
        daemon.reset()
        assert emulator.console.lines == ["farewell"]

    @pytest.mark.parametrize("begun", [b"", b"12"])
    def test_a_graceful_close_freezes_emuhawk(self, start: StartScript, peer: Peer, begun: bytes) -> None:
        emulator = start("emu.frameadvance() comm.socketServerResponse()" + FOREVER, link=peer.link)
        daemon = peer.accept()
        daemon.send(begun)
        daemon.close_gracefully()
        with pytest.raises(FrozenError, match="EmuHawk would freeze here"):
            emulator.run_frame()

    def test_no_pcall_saves_a_script_from_that(self, start: StartScript, peer: Peer) -> None:
        emulator = start("emu.frameadvance() pcall(comm.socketServerResponse)" + FOREVER, link=peer.link)
        peer.accept().close_gracefully()
        with pytest.raises(FrozenError):
            emulator.run_frame()

    def test_a_graceful_close_within_a_payload_does_not_freeze(self, start: StartScript, peer: Peer) -> None:
        emulator = start("emu.frameadvance() print('[' .. comm.socketServerResponse() .. ']')", link=peer.link)
        daemon = peer.accept()
        daemon.send(b"10 half")
        daemon.close_gracefully()
        emulator.run_frame()
        assert emulator.console.lines == ["[]"]


class TestReconnecting:
    RECONNECT = "comm.socketServerSetPort(comm.socketServerGetPort())"

    def test_setting_the_port_connects_at_once_and_leaves_the_old_connection_open(
        self, start: StartScript, peer: Peer
    ) -> None:
        emulator = start(f"{self.RECONNECT} comm.socketServerSend('hello')" + FOREVER, link=peer.link)
        stale, fresh = peer.accept(), peer.accept()
        assert fresh.read_payload() == b"hello"
        assert stale.is_silent()
        assert emulator.socket is not None
        emulator.socket.collect_garbage()
        assert stale.is_closed()
        assert fresh.is_silent()

    def test_setting_the_ip_does_so_too(self, start: StartScript, peer: Peer) -> None:
        start("comm.socketServerSetIp(comm.socketServerGetIp())" + FOREVER, link=peer.link)
        assert peer.accept().is_silent()
        assert peer.accept().is_silent()

    def test_it_throws_when_refused_and_the_new_socket_is_not_connected(self, start: StartScript, peer: Peer) -> None:
        emulator = start(
            f"emu.frameadvance() print((pcall(function() {self.RECONNECT} end)),"
            " comm.socketServerSend('x'), comm.socketServerIsConnected())",
            link=peer.link,
        )
        stale = peer.accept()
        peer.stop_listening()
        emulator.run_frame()
        assert emulator.console.lines == ["False\t-1\tTrue"]
        assert stale.is_silent()

    def test_the_timeout_is_lost(self, start: StartScript, peer: Peer) -> None:
        emulator = start(f"comm.socketServerSetTimeout(20) {self.RECONNECT}", link=peer.link)
        assert emulator.socket is not None
        assert emulator.socket.timeout is None

    @pytest.mark.parametrize("port", [-1, 65536])
    def test_a_port_is_sixteen_bits(self, start: StartScript, peer: Peer, port: int) -> None:
        emulator = start(f"print((pcall(comm.socketServerSetPort, {port})))", link=peer.link)
        assert emulator.console.lines == ["False"]

    def test_a_timeout_below_minus_one_throws(self, start: StartScript, peer: Peer) -> None:
        emulator = start("print((pcall(comm.socketServerSetTimeout, -2)))", link=peer.link)
        assert emulator.console.lines == ["False"]

    def test_it_knows_where_it_connects_to(self, start: StartScript, peer: Peer) -> None:
        emulator = start("print(comm.socketServerGetInfo())", link=peer.link)
        assert emulator.console.lines == [f"127.0.0.1:{peer.port}"]


class TestScreenshot:
    def test_sends_the_framebuffer_as_a_png(self, start: StartScript, peer: Peer) -> None:
        core = SyntheticCore()
        core.picture = np.random.default_rng(1).integers(0, 256, (160, 240, 3), dtype=np.uint8)
        emulator = start("print(comm.socketServerScreenShot(), comm.socketServerSuccessful())", core, link=peer.link)
        png = peer.accept().read_payload()
        assert png.startswith(PNG)
        with Image.open(io.BytesIO(png)) as image:
            assert (np.asarray(image) == core.picture).all()
        assert emulator.console.lines == ["Screenshot was sent\tTrue"]

    def test_can_wait_for_a_reply(self, start: StartScript, peer: Peer) -> None:
        emulator = start("emu.frameadvance() print(comm.socketServerScreenShotResponse())", link=peer.link)
        daemon = peer.accept()
        daemon.reply(b"got it")
        emulator.run_frame()
        assert daemon.read_payload().startswith(PNG)
        assert emulator.console.lines == ["got it"]

    def test_after_an_error_it_is_the_first_message_of_a_new_connection(self, start: StartScript, peer: Peer) -> None:
        emulator = start(
            "event.onframeend(function() print(comm.socketServerScreenShot()) end)" + FOREVER, link=peer.link
        )
        peer.accept().reset()
        emulator.run_frames(2)
        assert peer.accept().read_payload().startswith(PNG)
        assert emulator.console.lines[-1] == "Screenshot was sent"

    def test_it_throws_when_the_new_connection_is_refused(self, start: StartScript, peer: Peer) -> None:
        emulator = start(
            "event.onframeend(function() print((pcall(comm.socketServerScreenShot))) end)" + FOREVER, link=peer.link
        )
        peer.accept().reset()
        peer.stop_listening()
        emulator.run_frames(2)
        assert emulator.console.lines[-1] == "False"
