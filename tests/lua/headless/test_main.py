"""`python -m lua.headless`, as the command line starts it."""

import subprocess
import sys
from pathlib import Path

import pytest

from lua.headless.__main__ import main
from protocol.wording import how_to_install
from tests.lua.headless.peer import Peer
from tests.lua.headless.tiny_game import write_tiny_game

SCRIPT = (
    "comm.socketServerSend('hello') event.onexit(function() comm.socketServerSend('bye') end)"
    " print(userdata.get('mode'), 'grün') while true do emu.frameadvance() end"
)


@pytest.fixture
def words(mgba: Path, tmp_path: Path, peer: Peer) -> list[str]:
    script = tmp_path / "script.lua"
    script.write_text(SCRIPT, encoding="utf-8")
    game = write_tiny_game(tmp_path)
    return ["--rom", f"{game}", "--script", f"{script}", "--core", f"{mgba}", "--port", f"{peer.port}"]


def test_plays_and_says_what_it_cost(words: list[str], peer: Peer, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*words, "--frames", "10", "--speed", "max", "--userdata", "mode:full"]) == 0
    first, last = capsys.readouterr().out.splitlines()
    assert first == "full\tgrün"
    assert last.startswith("10 frames in ")
    assert "BizHawk calls 0 (p99 0, at most 0), table elements 0" in last
    daemon = peer.accept()
    assert [daemon.read_payload(), daemon.read_payload()] == [b"hello", b"bye"]


def test_stops_properly_when_standard_input_ends(words: list[str], peer: Peer) -> None:
    command = [sys.executable, "-m", "lua.headless", "--exit-with-stdin", *words]
    root = Path(__file__).parents[3]
    with subprocess.Popen(command, cwd=root, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        daemon = peer.accept()
        assert daemon.read_payload() == b"hello"
        out, _ = process.communicate(timeout=10)
    assert daemon.read_payload() == b"bye"
    assert process.returncode == 0
    assert out.decode().splitlines()[0] == "nil\tgrün"


@pytest.mark.parametrize(
    ("option", "value", "sentence"),
    [
        ("--rom", "missing.gba", "There is no game at missing.gba: name a .gba file."),
        ("--core", "missing.so", "missing.so: name another file."),
        ("--script", "missing.lua", "missing.lua cannot be read: No such file or directory."),
        ("--inputs", "missing.inputs", "missing.inputs: the input file cannot be read, No such file or directory."),
        ("--userdata", "nonsense", "'nonsense' is not a pair `key:value`: give userdata as `k1:v1;k2:v2`."),
    ],
)
def test_what_cannot_be_played_is_reported_in_a_sentence(
    words: list[str], option: str, value: str, sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*words, option, value]) == 1
    assert capsys.readouterr().out.splitlines()[-1].endswith(sentence)


def test_a_daemon_that_is_not_there_is_reported(
    words: list[str], peer: Peer, capsys: pytest.CaptureFixture[str]
) -> None:
    peer.stop_listening()
    assert main(words) == 1
    assert "start the daemon first" in capsys.readouterr().out


def test_an_installation_without_the_emulator_says_what_to_install(
    words: list[str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "lua.headless.player", None)
    assert main(words) == 1
    assert f"is not installed: {how_to_install('demo')} brings it" in capsys.readouterr().out
