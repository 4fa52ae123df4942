"""The page's process, started and started again. The page itself is played by a few lines of Python."""

import asyncio
import io
import sys
from pathlib import Path

import pytest
from rich.console import Console

from daemon.console.terminal import Terminal
from daemon.processes import web_process
from daemon.processes.web_process import WebProcess
from protocol.errors import GbatraceError, SettingsError
from tests.fakes.patience import until

SERVING = "import sys; print('page: http://127.0.0.1:5000', flush=True); sys.stdin.read()"


def page(code: str) -> tuple[WebProcess, io.StringIO]:
    """Make a page's process that runs other code, and what the terminal shows of it."""
    screen = io.StringIO()
    terminal = Terminal(Console(file=screen, width=200))
    web = WebProcess(terminal, ("tcp://127.0.0.1:1", "tcp://127.0.0.1:2"), "127.0.0.1", 5000)
    web._command = [sys.executable, "-u", "-c", code]
    return web, screen


@pytest.fixture(autouse=True)
def _hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(web_process, "_FIRST_PAUSE", 0.01)


async def test_it_gets_the_addresses_of_the_bus_and_of_the_page(tmp_path: Path) -> None:
    told = tmp_path / "told"
    web = WebProcess(Terminal(Console(file=io.StringIO())), ("tcp://h:1", "tcp://h:2"), "0.0.0.0", 0)
    assert web._command[1:3] == ["-m", "webui"]
    web._command[1:3] = ["-u", "-c", f"import sys; open({str(told)!r}, 'w').write(' '.join(sys.argv[1:])); {SERVING}"]
    await web.start()
    await web.stop()
    assert told.read_text(encoding="utf-8") == (
        "--exit-with-stdin --secret-from-stdin --bus-pub tcp://h:1 --bus-router tcp://h:2 "
        "--web-host 0.0.0.0 --web-port 0"
    )


async def test_its_address_is_its_own_word() -> None:
    web, screen = page(SERVING)
    assert await web.start() == "http://127.0.0.1:5000"
    await web.stop()
    assert screen.getvalue() == ""


async def test_a_page_that_cannot_start_says_so_itself() -> None:
    web, _ = page("import sys; print('Port 5000 on 127.0.0.1 (the live page) is in use.'); sys.exit(2)")
    with pytest.raises(SettingsError, match=r"^Port 5000 on 127\.0\.0\.1 \(the live page\) is in use\.$"):
        await web.start()
    await web.stop()


async def test_a_page_that_breaks_at_once_is_our_fault() -> None:
    web, _ = page("raise ValueError('broken')")
    with pytest.raises(GbatraceError, match="ValueError: broken") as caught:
        await web.start()
    assert not isinstance(caught.value, SettingsError)
    await web.stop()


async def test_a_page_that_ends_without_a_word_has_a_code() -> None:
    web, _ = page("import sys; sys.exit(7)")
    with pytest.raises(GbatraceError, match="The live page ended with code 7"):
        await web.start()
    await web.stop()


async def test_a_page_that_dies_is_started_again(tmp_path: Path) -> None:
    died = tmp_path / "died"
    web, screen = page(
        "import pathlib, sys; print('page: http://127.0.0.1:5000', flush=True)\n"
        f"died = pathlib.Path({str(died)!r})\n"
        "if not died.exists(): died.touch(); print('Segmentation fault'); sys.exit(139)\n"
        "sys.stdin.read()"
    )
    await web.start()
    await until(lambda: "The live page is back." in screen.getvalue())
    await web.stop()
    assert "The live page ended (Segmentation fault); it is started again." in screen.getvalue()


async def test_a_page_that_chose_its_port_gets_it_again(tmp_path: Path) -> None:
    told = tmp_path / "told"
    web, screen = page(
        f"import sys; told = open({str(told)!r}, 'a'); print(sys.argv[-1], file=told, flush=True)\n"
        "print('page: http://127.0.0.1:5000', flush=True)\n"
        "if sys.argv[-1] == '0': sys.exit(1)\n"
        "sys.stdin.read()"
    )
    web._port = 0
    await web.start()
    await until(lambda: "The live page is back." in screen.getvalue())
    await web.stop()
    assert told.read_text(encoding="utf-8").split() == ["0", "5000"]


async def test_a_page_that_dies_again_and_again_is_started_ever_more_slowly(monkeypatch: pytest.MonkeyPatch) -> None:
    pauses: list[float] = []
    loop = asyncio.get_running_loop()
    call_later = loop.call_later
    monkeypatch.setattr(web_process, "_LONGEST_PAUSE", 0.03)
    web, _ = page("import sys; print('odd', flush=True); sys.exit(1)")
    web._address.set_result("http://127.0.0.1:5000")

    def watched(delay: float, *rest: object) -> asyncio.TimerHandle:
        if rest[0] == web._start_child:
            pauses.append(delay)
        return call_later(delay, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(loop, "call_later", watched)
    web._start_child()
    await until(lambda: len(pauses) >= 4)
    monkeypatch.undo()
    await web.stop()
    assert pauses[:4] == [0.01, 0.02, 0.03, 0.03]


async def test_one_that_was_stopped_stays_stopped() -> None:
    web, screen = page(SERVING)
    await web.start()
    await web.stop()
    web._start_child()
    await asyncio.sleep(0.02)
    assert screen.getvalue() == ""


async def test_one_that_never_started_can_be_stopped() -> None:
    web, _ = page(SERVING)
    await web.stop()


async def test_one_that_was_stopped_while_it_started_is_not_back(tmp_path: Path) -> None:
    goes = tmp_path / "goes"
    web, screen = page(
        f"import pathlib, time\nwhile not pathlib.Path({str(goes)!r}).exists(): time.sleep(0.01)\n{SERVING}"
    )
    start = asyncio.create_task(web.start())
    await asyncio.sleep(0.01)
    start.cancel()
    with pytest.raises(asyncio.CancelledError):
        await start
    goes.touch()
    await asyncio.sleep(0.3)
    await web.stop()
    assert screen.getvalue() == ""
