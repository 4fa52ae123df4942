"""Fixtures of every test: hypothesis profile, event loop, a real core, a port that is taken, signals."""

import asyncio
import gc
import inspect
import os
import signal
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from lua.headless.core_search import find_core
from protocol.errors import CoreError
from resources.demo.build import BuildError, compiler_version

collect_ignore = ["learning"]
"""Tests with libraries that the suite does without: `.ci/learning` names their folder, and runs them."""

settings.register_profile(
    "gbatrace",
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.differing_executors],
)
settings.load_profile("gbatrace")


@pytest.fixture(scope="session")
def mgba() -> Path:
    """The mGBA core of this machine; a test that needs it is skipped where there is none."""
    try:
        return find_core()
    except CoreError as error:
        if os.environ.get("GBATRACE_REQUIRE_CORE") == "1":
            raise
        pytest.skip(str(error))


@pytest.fixture(scope="session")
def arm_compiler() -> str:
    """Version of this machine's compiler for the console; a test that needs it is skipped where there is none."""
    try:
        return compiler_version()
    except BuildError as error:
        if os.environ.get("GBATRACE_REQUIRE_COMPILER") == "1":
            raise
        pytest.skip(str(error))


@pytest.fixture
def taken() -> Iterator[int]:
    """A port that another program listens on."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield listening.getsockname()[1]


@pytest.fixture
def foreground() -> Iterator[None]:
    """Signals as in the foreground: what a shell runs in the background ignores some, and so do its children."""
    names = [name for name in ("SIGINT", "SIGHUP") if hasattr(signal, name)]
    before = [(signal.Signals[name], signal.signal(signal.Signals[name], signal.SIG_DFL)) for name in names]
    yield
    for number, handler in before:
        signal.signal(number, handler)


def pytest_collection_finish() -> None:
    """Take all that was loaded until now, thousands of tests, out of the garbage collector's way."""
    gc.collect()
    gc.freeze()


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool | None:
    """Run a test that is a coroutine; what its event loop could only log fails the test."""
    if not inspect.iscoroutinefunction(pyfuncitem.obj):
        return None
    arguments = {name: pyfuncitem.funcargs[name] for name in inspect.signature(pyfuncitem.obj).parameters}
    unhandled: list[dict[str, Any]] = []

    async def run() -> None:
        asyncio.get_running_loop().set_exception_handler(lambda _loop, context: unhandled.append(context))
        await pyfuncitem.obj(**arguments)

    with asyncio.Runner(loop_factory=asyncio.SelectorEventLoop) as runner:
        runner.run(run())
    assert not unhandled
    return True
