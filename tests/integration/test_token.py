"""A daemon that is open to other machines takes emulators that know its token, and no other."""

from dataclasses import replace
from pathlib import Path

import pytest

from daemon.access.keys import link_token
from protocol.link.messages import Hello, Refused, Welcome
from tests.fakes.emulator import emulator
from tests.fakes.game import greeting
from tests.integration.running_daemon import running_daemon


@pytest.fixture
def _only_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """The daemon believes that loopback is a network: nothing is opened for this test."""
    monkeypatch.setattr("daemon.server.is_loopback", lambda _host: False)
    monkeypatch.setattr("daemon.server.bus_keys", lambda _folder: None)
    monkeypatch.setattr("daemon.bus.Bus.open_remote", lambda *_: ("", ""))


async def say(port: int, hello: Hello) -> object:
    async with emulator(port) as connected:
        return await connected.ask(hello)


@pytest.mark.usefixtures("_only_this_machine")
async def test_only_who_knows_the_token_is_welcome(tmp_path: Path) -> None:
    with running_daemon(tmp_path) as endpoints:
        token = link_token(tmp_path)
        assert f"token:{token}" in endpoints.launch
        assert isinstance(await say(endpoints.link_port, replace(greeting(), token=token)), Welcome)
        for wrong in ("", "guess", token[:-1], f"{token} ", token.swapcase()):
            reply = await say(endpoints.link_port, replace(greeting(), token=wrong))
            assert isinstance(reply, Refused)
            assert "token" in reply.reason
            assert token not in reply.reason


async def test_on_this_machine_nobody_needs_one(tmp_path: Path) -> None:
    with running_daemon(tmp_path) as endpoints:
        assert "token" not in endpoints.launch
        assert isinstance(await say(endpoints.link_port, greeting()), Welcome)
    assert not (tmp_path / ".keys" / "link.token").exists()
