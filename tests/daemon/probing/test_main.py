"""The process for one probe: a request and its answer as JSON, whatever happens."""

from pathlib import Path

import orjson
import pytest

from daemon.probing import __main__
from daemon.probing.__main__ import answer
from daemon.probing.rom_search import add_rom_folder
from protocol.session.layout import session_folder
from protocol.session.metadata import metadata_json
from tests.daemon.importing.made import metadata


def test_what_is_no_request_is_an_answer_too(tmp_path: Path) -> None:
    for request, kind in ((b"{", "AnalysisError"), (b"[]", "AnalysisError"), (b'{"session": "x"}', "AnalysisError")):
        assert orjson.loads(answer(tmp_path, request))["kind"] == kind
    missing = orjson.loads(answer(tmp_path, b'{"session": "run", "axis": true}'))
    assert missing["kind"] == "SessionError"
    assert "run" in missing["error"]


def test_an_answer_does_not_say_where_the_data_lies(tmp_path: Path) -> None:
    data, roms = tmp_path / "data", tmp_path / "my games"
    session = session_folder(data, "run")
    session.path.mkdir(parents=True)
    roms.mkdir()
    session.metadata.write_bytes(metadata_json(metadata("run", [], recorder={"rom_hash": "AB", "regions": []})))
    add_rom_folder(data, roms)
    for name in ("run", "missing"):
        refused = orjson.loads(answer(data, orjson.dumps({"session": name, "axis": True})))
        assert name in refused["error"]
        assert str(tmp_path) not in refused["error"]


def test_a_fault_of_ours_is_named_as_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(__main__, "probe", lambda *_: 1 / 0)
    failed = orjson.loads(answer(tmp_path, b'{"session": "run", "axis": true}'))
    assert failed["kind"] == "AnalysisProcessError"
    assert "its own fault" in failed["error"]
