import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.browser.chromium import FLAGS, NO_TOUR, find_chromium
from tests.fakes.bus_daemon import FakeDaemon
from tests.fakes.patience import PATIENCE
from tests.webui.page_process import PageProcess

OpenPage = Callable[..., Page]

HERE = Path(__file__).parent

expect.set_options(timeout=1000 * PATIENCE)  # A busy machine is late; a fault does not pass with time.


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.browser)


# Not for the whole run: while Playwright is open, asyncio holds the main thread, which other tests need.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    program = find_chromium()
    if program is None:
        reason = "no Chromium, Chrome or Edge on this machine"
        if os.environ.get("GBATRACE_REQUIRE_BROWSER") == "1":
            pytest.fail(reason)
        pytest.skip(reason)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=list(FLAGS))
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def modules(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    with FakeDaemon(tmp_path_factory.mktemp("data")) as daemon:
        server = PageProcess(daemon)
        server.start()
        page = browser.new_page()
        page.goto(server.address)
        yield page
        page.close()
        server.stop()


@pytest.fixture
def daemon(tmp_path: Path) -> Iterator[FakeDaemon]:
    with FakeDaemon(tmp_path) as daemon:
        yield daemon


@pytest.fixture
def server(daemon: FakeDaemon) -> Iterator[PageProcess]:
    server = PageProcess(daemon)
    server.start()
    yield server
    server.stop()


@pytest.fixture
def open_page(browser: Browser, server: PageProcess) -> Iterator[OpenPage]:
    """Open a page in a browser of its own. An error that the page does not handle fails the test."""
    contexts = []
    errors: list[str] = []

    def open_page(path: str = "/", width: int = 1280, height: int = 720, *, tour: bool = False, **options: Any) -> Page:
        context = browser.new_context(viewport={"width": width, "height": height}, **options)
        contexts.append(context)
        if not tour:
            context.add_init_script(NO_TOUR)
        page = context.new_page()
        page.set_default_timeout(1000 * PATIENCE)
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(f"{server.address}{path}")
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert errors == []
