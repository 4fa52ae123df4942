import hashlib
import json
from pathlib import Path

import pytest

from daemon.exporting import parquet
from daemon.exporting.errors import ExportError, LibraryError
from daemon.exporting.formats import FORMATS
from daemon.exporting.libraries import require
from daemon.exporting.options import DatasetOptions, Progress
from daemon.exporting.run import export_sessions, export_symbols
from daemon.exporting.split import SplitBy, SplitPlan
from protocol.errors import SessionError
from protocol.session.annotations import Annotations
from tests.daemon.exporting.recordings import frame_sets, record


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_is_complete_counted_and_checked(tmp_path: Path, name: str) -> None:
    sessions = [record(tmp_path / "data", session, list(frame_sets(5)), {1: Annotations()}) for session in ("a", "b")]
    told: list[Progress] = []
    export_sessions(sessions, name, tmp_path / "out", DatasetOptions(label_set="default 1"), told.append)

    manifest = json.loads((tmp_path / "out" / "dataset.json").read_text(encoding="utf-8"))
    assert manifest["format"] == name
    assert manifest["label_set"] == "default 1"
    assert manifest["seed"] == 0
    assert (manifest["counts"]["sessions"], manifest["counts"]["frame_sets"], manifest["counts"]["labelled"]) == (
        2,
        10,
        2,
    )
    assert [session["session_id"] for session in manifest["sessions"]] == ["a", "b"]
    listed = {entry["path"]: entry for entry in manifest["files"]}
    files = {
        path.relative_to(tmp_path / "out").as_posix(): path for path in (tmp_path / "out").rglob("*") if path.is_file()
    }
    assert set(files) == set(listed) | {"dataset.json"}
    for path, entry in listed.items():
        data = files[path].read_bytes()
        assert (len(data), hashlib.sha256(data).hexdigest()) == (entry["bytes"], entry["sha256"])
    assert told[-1] == Progress("b", 10, 10)
    assert [progress.done for progress in told] == sorted(progress.done for progress in told)


def test_an_interrupted_export_is_finished_by_the_same_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sessions = [record(tmp_path / "data", session, list(frame_sets(5))) for session in ("a", "b")]
    whole = parquet.ParquetWriter.session
    written: list[str] = []

    def breaks_at_b(self: parquet.ParquetWriter, source: object, unit: object, before: object) -> object:
        written.append(source.session_id)  # type: ignore[attr-defined]
        facts = whole(self, source, unit, before)  # type: ignore[arg-type]
        if written == ["a", "b"]:
            raise KeyboardInterrupt
        return facts

    monkeypatch.setattr(parquet.ParquetWriter, "session", breaks_at_b)
    with pytest.raises(KeyboardInterrupt):
        export_sessions(sessions, "parquet", tmp_path / "out")
    assert not (tmp_path / "out" / "dataset.json").exists()
    assert not list((tmp_path / "out").rglob("session=b/*"))

    manifest = export_sessions(sessions, "parquet", tmp_path / "out")

    assert written == ["a", "b", "b"]
    assert manifest["counts"]["frame_sets"] == 10


def test_other_options_do_not_finish_an_interrupted_export(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sessions = [record(tmp_path / "data", session, list(frame_sets(5))) for session in ("a", "b")]
    with monkeypatch.context() as broken:
        broken.setattr(parquet.ParquetWriter, "finish", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            export_sessions(sessions, "parquet", tmp_path / "out")
    with pytest.raises(ExportError, match="other options"):
        export_sessions(sessions, "parquet", tmp_path / "out", DatasetOptions(split=SplitPlan(by=SplitBy.SESSION)))


def test_a_damaged_frame_set_is_named_and_nothing_is_left(tmp_path: Path) -> None:
    session = record(tmp_path / "data", sets=list(frame_sets(5)))
    path = session.folder.event(3)
    path.write_bytes(path.read_bytes()[:200])
    with pytest.raises(SessionError, match=r"3.event\.json is damaged"):
        export_sessions([session], "jsonl", tmp_path / "out")
    assert not list((tmp_path / "out").rglob("*.jsonl*"))


def test_sessions_in_another_layout_are_read_as_well(tmp_path: Path) -> None:
    session = record(tmp_path / "data", sets=list(frame_sets(5)))
    for number in (1, 3):
        document = json.loads(session.folder.event(number).read_bytes())
        session.folder.event(number).write_text(json.dumps(document, indent=2), encoding="utf-8")
    manifest = export_sessions([session], "jsonl", tmp_path / "out")
    assert manifest["counts"]["changes"] == {"iwram": 5, "ewram": 4}


@pytest.mark.parametrize(
    ("twice", "export_format", "told"),
    [
        (True, "parquet", "named twice"),
        (False, "xml", "no format 'xml'; there are parquet, hf"),
        (False, "parquet", ""),
    ],
)
def test_what_can_not_be_done_is_said(tmp_path: Path, twice: bool, export_format: str, told: str) -> None:
    session = record(tmp_path / "data", sets=list(frame_sets(2)) if told else [])
    with pytest.raises(ExportError, match=told or "nothing to export"):
        export_sessions([session] * (1 + twice), export_format, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_missing_library_names_the_extra() -> None:
    with pytest.raises(
        LibraryError, match=r'needs no_such_library, which is not installed: `python -m pip install -e "\.\[export\]"`'
    ):
        require("no_such_library.deep")


def test_symbols_go_to_a_new_file_of_a_known_format(tmp_path: Path) -> None:
    symbols = tmp_path / "symbols.json"
    symbols.write_text('[{"name": "hp", "address": "02000000", "region": "ewram", "type": "u8"}]', encoding="utf-8")
    assert export_symbols(symbols, "wch", tmp_path / "new" / "game.wch").named == 1
    with pytest.raises(ExportError, match="is there already"):
        export_symbols(symbols, "wch", tmp_path / "new" / "game.wch")
    with pytest.raises(ExportError, match="no format 'csv' for addresses"):
        export_symbols(symbols, "csv", tmp_path / "game.csv")
    with pytest.raises(ExportError, match="cannot be read"):
        export_symbols(tmp_path / "none.json", "wch", tmp_path / "other.wch")
