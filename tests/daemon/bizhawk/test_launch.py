"""The command line that starts EmuHawk."""

import shlex
from pathlib import Path, PureWindowsPath

import pytest

from daemon.bizhawk.launch import emuhawk_arguments, launch_command

SCRIPT = Path("lua") / "event_logger.lua"


def windows_words(line: str) -> list[str]:
    """Take a command line apart as a program on Windows does ("Parsing C command-line arguments"), quotes only."""
    assert '\\"' not in line, "a backslash before a quotation mark escapes it"
    words, word, quoted = [], "", False
    for sign in f"{line} ":
        if sign == '"':
            quoted = not quoted
        elif sign == " " and not quoted:
            words.append(word)
            word = ""
        else:
            word += sign
    return words


def test_on_windows_it_can_be_copied_into_any_shell() -> None:
    script = PureWindowsPath(r"C:\Users\José Ruiz\gbatrace & co\lua\event_logger.lua")
    line = launch_command("127.0.0.1", 9999, script, windows=True)  # type: ignore[arg-type]
    assert line == (
        r".\EmuHawk.exe --socket_ip=127.0.0.1 --socket_port=9999 "
        r'--lua="C:\Users\José Ruiz\gbatrace & co\lua\event_logger.lua" "<your ROM>"'
    )
    assert windows_words(line) == [
        r".\EmuHawk.exe", *emuhawk_arguments("127.0.0.1", 9999, script, "<your ROM>"),  # type: ignore[arg-type]
    ]  # fmt: skip


def test_elsewhere_it_is_bizhawks_own_script() -> None:
    script = Path("/home/o'neil/my $traces/event_logger.lua")
    line = launch_command("127.0.0.1", 9999, script, windows=False)
    assert shlex.split(line) == [
        *("./EmuHawkMono.sh", "--socket_ip=127.0.0.1", "--socket_port=9999", f"--lua={script}", "<your ROM>"),
    ]


@pytest.mark.parametrize("host", ["0.0.0.0", "localhost"])
def test_emuhawk_is_given_an_address_that_it_can_connect_to(host: str) -> None:
    assert "--socket_ip=127.0.0.1 " in launch_command(host, 1, SCRIPT, windows=True)


def test_another_address_is_kept() -> None:
    assert "--socket_ip=192.168.0.7 --socket_port=4242 " in launch_command("192.168.0.7", 4242, SCRIPT, windows=True)


@pytest.mark.parametrize("windows", [True, False])
def test_the_token_goes_with_it(windows: bool) -> None:
    line = launch_command("192.168.0.7", 4242, SCRIPT, "abc-_9", windows=windows)
    words = windows_words(line) if windows else shlex.split(line)
    assert words[-2:] == ["--userdata=token:abc-_9", "<your ROM>"]


def test_settings_for_the_script_are_one_word() -> None:
    words = emuhawk_arguments("127.0.0.1", 1, SCRIPT, "game.gba", {"inputs": "120 Start,124 None", "frames": 60})
    assert words[-2:] == ["--userdata=inputs:120 Start,124 None;frames:60", "game.gba"]
