"""The process for one probe: a request and its answer as JSON, whatever happens."""

from pathlib import Path

import orjson
import pytest

from daemon.probing import __main__
from daemon.probing.__main__ import answer


def test_what_is_no_request_is_an_answer_too(tmp_path: Path) -> None:
    for request, kind in ((b"{", "AnalysisError"), (b"[]", "AnalysisError"), (b'{"session": "x"}', "AnalysisError")):
        assert orjson.loads(answer(tmp_path, request))["kind"] == kind
    missing = orjson.loads(answer(tmp_path, b'{"session": "run", "axis": true}'))
    assert missing["kind"] == "SessionError"
    assert "run" in missing["error"]


def test_a_fault_of_ours_is_named_as_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(__main__, "probe", lambda *_: 1 / 0)
    failed = orjson.loads(answer(tmp_path, b'{"session": "run", "axis": true}'))
    assert failed["kind"] == "AnalysisProcessError"
    assert "its own fault" in failed["error"]
