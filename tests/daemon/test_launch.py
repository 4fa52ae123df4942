"""The command line that starts EmuHawk."""

from pathlib import Path

import pytest

from daemon.launch import launch_command


def test_it_can_be_copied_as_it_is() -> None:
    assert launch_command("127.0.0.1", 9999, Path("lua") / "event_logger.lua") == (
        f'EmuHawk.exe --socket_ip=127.0.0.1 --socket_port=9999 --lua="{Path("lua") / "event_logger.lua"}" "<your ROM>"'
    )


@pytest.mark.parametrize("host", ["0.0.0.0", "localhost"])
def test_emuhawk_is_given_an_address_that_it_can_connect_to(host: str) -> None:
    assert "--socket_ip=127.0.0.1 " in launch_command(host, 1, Path("x"))


def test_another_address_is_kept() -> None:
    assert "--socket_ip=192.168.0.7 --socket_port=4242 " in launch_command("192.168.0.7", 4242, Path("x"))


def test_the_token_goes_with_it() -> None:
    command = launch_command("192.168.0.7", 4242, Path("x"), "abc-_9")
    assert command.endswith('--lua="x" --userdata "token:abc-_9" "<your ROM>"')
