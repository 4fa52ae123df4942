"""The analysis process itself: it answers over its socket, gives way to others, and ends with it."""

import contextlib
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from daemon.processes.analysis_process import AnalysisProcess, analysis_command
from protocol.errors import GbatraceError
from protocol.packing import unpack
from tests.daemon.analysis.stored_session import COUNTER, StoredSession


@contextlib.asynccontextmanager
async def asking(data: Path) -> AsyncIterator[AnalysisProcess]:
    analysis = AnalysisProcess(analysis_command(data), print)
    try:
        yield analysis
    finally:
        await analysis.close()


async def answer(analysis: AnalysisProcess, command: str, **arguments: Any) -> Any:
    return unpack((await analysis.ask(command, {"session": "evening", **arguments})).data)


async def test_it_answers_about_a_session_that_is_being_recorded(tmp_path: Path) -> None:
    session = StoredSession(tmp_path)
    session.store(0, 1)
    async with asking(tmp_path) as analysis:
        assert (await answer(analysis, "memory"))["number"] == 1
        session.store(2)
        assert (await answer(analysis, "values", address=COUNTER))["values"] == [1, 2, 3]
        with pytest.raises(GbatraceError, match="no frame set 9") as refused:
            await answer(analysis, "memory", at=9)
        assert refused.value.kind == "MomentError"


async def test_it_has_a_lower_priority_than_the_daemon(tmp_path: Path) -> None:
    StoredSession(tmp_path).store(0)
    async with asking(tmp_path) as analysis:
        await answer(analysis, "memory")
        assert analysis._process is not None
        priority = psutil.Process(analysis._process.pid).nice()
        if sys.platform == "win32":
            assert priority == psutil.BELOW_NORMAL_PRIORITY_CLASS
        else:
            assert priority > psutil.Process().nice()
