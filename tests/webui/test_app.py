import json
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import gevent
import pytest
from gevent.event import Event

import webui.__main__ as page_process
from protocol.bus.page_secret import PageSecret
from protocol.errors import PortInUseError, SettingsError
from tests.fakes.bus_daemon import FakeDaemon
from tests.webui.page_process import PageProcess
from webui.app import PageServer
from webui.settings import Settings

ROOT = Path(__file__).parents[2]


def start(*arguments: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", "webui", *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )


def test_the_process_does_without_what_only_recording_needs() -> None:
    code = "import sys, webui.app; print(*({'zstandard', 'lupa', 'daemon', 'lua'} & set(sys.modules)))"
    loaded = subprocess.run([sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
    assert loaded.stdout.split() == []


def test_a_port_that_is_taken_is_named(taken: int) -> None:
    with pytest.raises(PortInUseError, match=f"Port {taken} on 127.0.0.1"):
        PageServer(Settings(port=taken)).listen()


def test_an_address_that_is_not_ours_is_named() -> None:
    with pytest.raises(SettingsError, match=r"no address 192\.0\.2\.1"):
        PageServer(Settings(host="192.0.2.1", port=0)).listen()


def test_a_page_at_an_ipv6_address_is_answered() -> None:
    server = PageServer(Settings(host="::1", port=0))
    address = server.listen()
    assert address.startswith("http://[::1]:")
    with gevent.get_hub().threadpool.apply(urlopen, (f"{address}/",)) as answer:
        assert answer.status == 200
    server.stop()


def test_a_page_for_every_device_is_still_opened_on_this_one() -> None:
    server = PageServer(Settings(host="0.0.0.0", port=0))
    assert server.listen().startswith("http://127.0.0.1:")
    server.stop()


def broken() -> str:
    raise ZeroDivisionError


@pytest.mark.parametrize("query", ["", "?__debugger__=yes&cmd=resource&f=debugger.js", "?__debugger__=yes&cmd=pinauth"])
def test_no_debugger_runs_whatever_the_environment_says(monkeypatch: pytest.MonkeyPatch, query: str) -> None:
    monkeypatch.setenv("FLASK_DEBUG", "1")
    server = PageServer(Settings(port=0))
    server.app.add_url_rule("/broken", view_func=broken)
    with pytest.raises(HTTPError) as failure:
        gevent.get_hub().threadpool.apply(urlopen, (f"{server.listen()}/broken{query}",))
    with failure.value as answer:
        assert answer.status == 500
        sentence = json.load(answer)["error"]
    assert not server.app.debug
    assert "internal error" in sentence
    assert "ZeroDivisionError" not in sentence
    server.stop()


def test_sessions_of_long_ago_are_listed_with_those_of_today(tmp_path: Path) -> None:
    (tmp_path / "yesterday").mkdir()
    (tmp_path / "yesterday" / "session_metadata.json").write_text('{"game_name": "Cave Quest"}', encoding="utf-8")
    with FakeDaemon(tmp_path) as daemon:
        daemon.open_session("today")
        server = PageProcess(daemon)
        server.start()
        try:
            names: list[str] = []
            while len(names) < 2:
                with urlopen(f"{server.address}/api/sessions") as answer:
                    names = [session["session_id"] for session in json.load(answer)["sessions"]]
                time.sleep(0.05)
        finally:
            server.stop()
    assert names == ["today", "yesterday"]


def test_an_index_is_whole_in_one_file_when_the_page_has_ended(tmp_path: Path) -> None:
    with FakeDaemon(tmp_path) as daemon:
        daemon.open_session("today").play(3)
        server = PageProcess(daemon)
        server.start()
        try:
            total = 0
            while total < 3:
                with suppress(HTTPError), urlopen(f"{server.address}/api/sessions/today/progress") as answer:
                    total = json.load(answer)["total"]
                time.sleep(0.05)
        finally:
            server.stop()
    assert [path.name for path in tmp_path.glob("index.sqlite*")] == ["index.sqlite"]


def test_the_process_says_where_the_page_is_and_ends_with_its_standard_input(tmp_path: Path) -> None:
    with FakeDaemon(tmp_path) as daemon:
        bus = ("--bus-pub", daemon.bus_pub, "--bus-router", daemon.bus_router)
        with start(*bus, "--web-port", "0", "--exit-with-stdin") as process:
            assert process.stdout is not None
            word, address = process.stdout.readline().split()
            assert word == "page:"
            with urlopen(address, timeout=5) as answer:
                assert b"gbatrace" in answer.read()
            _, errors = process.communicate(timeout=10)
            assert (process.returncode, errors) == (0, "")


def test_the_page_is_announced_when_it_can_answer(tmp_path: Path) -> None:
    with FakeDaemon(tmp_path) as daemon:
        daemon.open_session("today").play(1)
        server = PageProcess(daemon)
        server.start()
        try:
            request = Request(
                f"{server.address}/api/sessions/today/labels",
                b'{"frame_sets": [0], "labels": {"context": "battle"}}',
                {"Content-Type": "application/json"},
            )
            with urlopen(request) as answer:
                assert answer.status == 200
        finally:
            server.stop()


def test_the_page_is_announced_without_a_daemon_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("webui.app._READY_PATIENCE", 0.05)
    server = PageServer(Settings(port=0))
    server.listen()
    announced = Event()
    serving = gevent.spawn(server.serve, announced.set)
    assert announced.wait(10)
    server.stop()
    serving.join()


def test_the_process_reports_a_taken_port_in_one_line(taken: int) -> None:
    with start("--web-port", str(taken)) as process:
        output, errors = process.communicate(timeout=20)
    assert (process.returncode, output) == (2, "")
    assert errors.count("\n") == 1
    assert "in use" in errors


def test_the_page_takes_its_secret_from_standard_input(tmp_path: Path) -> None:
    secret = PageSecret(bytes(32), "correct horse")
    with FakeDaemon(tmp_path) as daemon:
        bus = ("--bus-pub", daemon.bus_pub, "--bus-router", daemon.bus_router, "--web-port", "0")
        with start(*bus, "--web-host", "127.0.0.1", "--exit-with-stdin", "--secret-from-stdin") as process:
            assert process.stdin is not None
            assert process.stdout is not None
            process.stdin.write(f"{secret.as_line()}\n")
            process.stdin.flush()
            address = process.stdout.readline().split()[1]
            request = Request(f"{address}/login", b'{"password": "correct horse"}', {"X-Forwarded-For": "192.0.2.9"})
            with urlopen(request, timeout=5) as answer:
                assert answer.status == 204
                assert "HttpOnly" in answer.headers["Set-Cookie"]
            process.communicate(timeout=10)


def test_an_invitation_is_reported_where_others_can_connect(monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    monkeypatch.setattr(PageServer, "serve", lambda _server, announce: announce())
    monkeypatch.setattr(page_process, "is_loopback", lambda _host: False)
    assert page_process.main(["--web-port", "0"]) == 0
    page, invitation = capsys.readouterr().out.splitlines()
    assert page.startswith("page: ")
    assert len(invitation.removeprefix("invitation: ")) == 22
