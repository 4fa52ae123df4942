"""Probes in a process of their own: waited for by asking again, ended when they take too long."""

import sys
import time
from typing import Any

import pytest

from daemon.answering.probes import Probes, probe_command
from protocol.errors import AnalysisProcessError, BusyError, GbatraceError

ECHO = "import sys; line = sys.stdin.readline(); sys.stdout.write('{\"asked\":' + line.strip() + '}')"
REFUSING = """import sys; sys.stdout.write('{"error": "There is no ROM.", "kind": "RomError"}')"""
SLOW = f"import time; time.sleep(1); {ECHO}"
HANGING = "import time; time.sleep(600)"


def probes(program: str, patience: float = 30.0, max_seconds: float = 60.0) -> Probes:
    return Probes([sys.executable, "-c", program], patience, max_seconds)


def asked_again(at: Probes, request: dict[str, Any]) -> dict[str, Any]:
    until = time.monotonic() + 60
    while True:
        try:
            return at.answer(request)
        except BusyError:
            assert time.monotonic() < until


def test_a_request_is_answered_by_the_process() -> None:
    request = {"session": "run", "axis": True}
    assert probes(ECHO).answer(request) == {"asked": request}


def test_one_that_takes_a_while_is_busy_until_it_is_done() -> None:
    at = probes(SLOW, patience=0.05)
    request = {"session": "run", "axis": True}
    with pytest.raises(BusyError, match="is being played"):
        at.answer(request)
    with pytest.raises(BusyError, match="Another probe"):
        at.answer({"session": "run", "cursor": True})
    assert asked_again(at, request) == {"asked": request}
    other = {"session": "run", "cursor": True}
    assert asked_again(at, other) == {"asked": other}


def test_a_refusal_keeps_its_kind_and_sentence() -> None:
    with pytest.raises(GbatraceError, match="There is no ROM") as refused:
        probes(REFUSING).answer({"session": "run"})
    assert refused.value.kind == "RomError"


def test_one_that_takes_too_long_is_ended() -> None:
    with pytest.raises(AnalysisProcessError, match="more than 0 s and was ended"):
        probes(HANGING, max_seconds=0.2).answer({"session": "run"})


@pytest.mark.parametrize("program", ["import os; os._exit(3)", "print('Traceback')"])
def test_one_that_dies_is_a_sentence_and_the_next_may_be_asked(program: str) -> None:
    at = probes(program)
    for _ in range(2):
        with pytest.raises(AnalysisProcessError, match="ended without an answer"):
            at.answer({"session": "run"})


def test_the_process_itself_refuses_with_a_sentence(tmp_path: Any) -> None:
    with pytest.raises(GbatraceError, match="run") as refused:
        Probes(probe_command(tmp_path), patience=60.0).answer({"session": "run", "axis": True})
    assert refused.value.kind == "SessionError"
