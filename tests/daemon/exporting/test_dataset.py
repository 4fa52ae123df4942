import hashlib
import json
import json.decoder
import sys
from collections.abc import Sequence
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from daemon.exporting import parquet
from daemon.exporting.dataset import require
from daemon.exporting.exporters import EXPORTERS, open_exporter
from daemon.exporting.options import DatasetOptions, ImageMode
from daemon.exporting.split import SplitBy, SplitPlan
from protocol.errors import ExportError, SessionError
from protocol.session.annotations import Annotations
from protocol.session.metadata import metadata_json
from protocol.session.reader import SessionReader, open_session
from tests.daemon.exporting.recordings import export_dataset, frame_sets, record, without_png


@pytest.mark.parametrize("name", [name for name in EXPORTERS if name != "csv"])
def test_every_format_is_complete_counted_and_checked(tmp_path: Path, name: str) -> None:
    sessions = [record(tmp_path / "data", session, list(frame_sets(5)), {1: Annotations()}) for session in ("a", "b")]
    done: list[int] = []
    export_dataset(sessions, name, tmp_path / "out", DatasetOptions(label_set="default 1"), done.append)

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
    files = {path.relative_to(tmp_path / "out").as_posix(): path for path in _files(tmp_path / "out")}
    assert set(files) == set(listed) | {"dataset.json"}
    for path, entry in listed.items():
        data = files[path].read_bytes()
        assert (len(data), hashlib.sha256(data).hexdigest()) == (entry["bytes"], entry["sha256"])
    assert sum(done) == 10

    export_dataset(sessions, name, tmp_path / "again", DatasetOptions(label_set="default 1"))
    again = {path.relative_to(tmp_path / "again").as_posix(): path.read_bytes() for path in _files(tmp_path / "again")}
    assert again == {path: file.read_bytes() for path, file in files.items()}


def _files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_an_interrupted_export_is_finished_by_the_same_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sessions = [record(tmp_path / "data", session, list(frame_sets(5))) for session in ("a", "b")]
    whole = parquet.ParquetExporter.write_session
    written: list[str] = []

    def breaks_at_b(self: parquet.ParquetExporter, source: object, unit: object, before: object) -> object:
        written.append(source.session_id)  # type: ignore[attr-defined]
        facts = whole(self, source, unit, before)  # type: ignore[arg-type]
        if written == ["a", "b"]:
            raise KeyboardInterrupt
        return facts

    monkeypatch.setattr(parquet.ParquetExporter, "write_session", breaks_at_b)
    with pytest.raises(KeyboardInterrupt):
        export_dataset(sessions, "parquet", tmp_path / "out")
    assert not (tmp_path / "out" / "dataset.json").exists()
    assert not list((tmp_path / "out").rglob("session=s-b/*"))

    done: list[int] = []
    manifest = export_dataset(sessions, "parquet", tmp_path / "out", progress=done.append)

    assert written == ["a", "b", "b"]
    assert done == [5, 5]
    assert manifest["counts"]["frame_sets"] == 10


def test_other_options_do_not_finish_an_interrupted_export(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sessions = [record(tmp_path / "data", session, list(frame_sets(5))) for session in ("a", "b")]
    with monkeypatch.context() as broken:
        broken.setattr(parquet.ParquetExporter, "write_rest", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            export_dataset(sessions, "parquet", tmp_path / "out")
    with pytest.raises(ExportError, match="other options"):
        export_dataset(sessions, "parquet", tmp_path / "out", DatasetOptions(split=SplitPlan(by=SplitBy.SESSION)))


def test_a_damaged_frame_set_is_named_and_nothing_is_left(tmp_path: Path) -> None:
    session = record(tmp_path / "data", sets=list(frame_sets(5)))
    path = session.folder.event(3)
    path.write_bytes(path.read_bytes()[:200])
    with pytest.raises(SessionError, match=r"3.event\.json is damaged"):
        export_dataset([session], "jsonl", tmp_path / "out")
    assert not list((tmp_path / "out").rglob("*.jsonl*"))


@pytest.mark.parametrize(
    ("name", "images"),
    [
        ("parquet", ImageMode.BYTES),
        ("lerobot", ImageMode.BYTES),
        ("minari", ImageMode.BYTES),
        ("webdataset", ImageMode.VIDEO),
    ],
)
def test_a_damaged_screenshot_is_told_with_its_session(tmp_path: Path, name: str, images: ImageMode) -> None:
    sets = [replace(item, png=item.png[:-30]) if item.frame_set_id == 2 else item for item in frame_sets(5)]
    session = record(tmp_path / "data", "evening", sets)
    with pytest.raises(
        SessionError, match=r"evening is damaged: A screenshot .*: gbatrace verify evening says where\.$"
    ):
        export_dataset([session], name, tmp_path / "out", DatasetOptions(images=images))


def test_a_split_that_stays_empty_is_told(tmp_path: Path) -> None:
    def remarks(sessions: list[SessionReader], name: str, **plan: Any) -> Sequence[str]:
        exporter = open_exporter(name, sessions, DatasetOptions(split=SplitPlan(**plan)))
        return exporter.export(tmp_path / f"out-{next(numbers)}", lambda _more: None)

    numbers = count()
    one = record(tmp_path, "one", list(frame_sets(9)))
    blind = record(tmp_path, "two", [without_png(item) for item in frame_sets(3, first=90, frame=9000)])
    assert remarks([one], "jsonl", by=SplitBy.SESSION) == [
        "Nothing fell to validation and test: export more sessions, or choose --split block."
    ]
    assert remarks([one], "jsonl", by=SplitBy.BLOCK, shares=(0.5, 0.0, 0.5), block=21) == [
        "Nothing fell to test: export more sessions, or choose a --block of less than 21."
    ]
    assert remarks([one, blind], "minari", by=SplitBy.SESSION, shares=(0.5, 0.5, 0.0)) == [
        "There is nothing in validation: no two frame sets with screenshots follow each other."
    ]
    assert remarks([one], "jsonl") == []


def test_sessions_in_another_layout_are_read_as_well(tmp_path: Path) -> None:
    session = record(tmp_path / "data", sets=list(frame_sets(5)))
    for number in (1, 3):
        document = json.loads(session.folder.event(number).read_bytes())
        session.folder.event(number).write_text(json.dumps(document, indent=2), encoding="utf-8")
    manifest = export_dataset([session], "jsonl", tmp_path / "out")
    assert manifest["counts"]["changes"] == {"iwram": 5, "ewram": 4}


@pytest.mark.parametrize(
    ("twice", "export_format", "told"),
    [
        (True, "parquet", "named twice"),
        (False, "parquet", ""),
    ],
)
def test_what_cannot_be_done_is_said(tmp_path: Path, twice: bool, export_format: str, told: str) -> None:
    session = record(tmp_path / "data", sets=list(frame_sets(2)) if told else [])
    with pytest.raises(ExportError, match=told or "nothing to export"):
        export_dataset([session] * (1 + twice), export_format, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_the_first_of_the_modules_is_given() -> None:
    assert require("json.decoder", "json") is json.decoder


@pytest.mark.parametrize("modules", [("no_such_library.tables",), ("json", "no_such_library")])
def test_what_is_missing_is_named_with_the_way_to_install_it(modules: tuple[str, ...]) -> None:
    with pytest.raises(ExportError, match=r'needs no_such_library, .*: `python -m pip install -e "\.\[export\]"` in'):
        require(*modules)


def test_a_library_that_misses_one_of_its_own_names_that_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "half_installed.py").write_text("import no_such_part.inside\n", encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(ExportError, match="needs no_such_part,"):
        require("half_installed")


def test_windows_on_arm_is_reported_with_the_python_that_can(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "win32")
    monkeypatch.setattr("platform.machine", lambda: "ARM64")
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(ExportError, match=r"needs pyarrow, .*: there is none for Windows on ARM, so install the x64"):
        require("pyarrow")


class TestLabelSet:
    """The label set that a session's labels were chosen from stands in the manifest."""

    def exported(self, folder: Path, game_config: str) -> str:
        session = record(folder / "data", sets=list(frame_sets(1)))
        session.folder.metadata.write_bytes(metadata_json(replace(session.metadata, game_config=game_config)))
        return str(export_dataset([open_session(session.folder.path)], "jsonl", folder / "out")["label_set"])

    def put(self, folder: Path, kind: str, name: str, text: str) -> None:
        (folder / "data" / kind).mkdir(parents=True, exist_ok=True)
        (folder / "data" / kind / name).write_text(text, encoding="utf-8")

    def test_without_a_game_config_it_is_the_one_that_ships(self, tmp_path: Path) -> None:
        assert self.exported(tmp_path, "") == "default 2"

    def test_the_persons_own_come_first(self, tmp_path: Path) -> None:
        self.put(tmp_path, "game_configs", "mine.json", '{"label_set": "mine"}')
        self.put(tmp_path, "label_sets", "mine.json", '{"version": 7, "fields": {}}')
        assert self.exported(tmp_path, "mine.json") == "mine 7"

    def test_one_that_cannot_be_read_has_no_version(self, tmp_path: Path) -> None:
        self.put(tmp_path, "game_configs", "odd.json", '{"label_set": "lost"}')
        self.put(tmp_path, "label_sets", "lost.json", "[")
        assert self.exported(tmp_path, "odd.json") == "lost"
