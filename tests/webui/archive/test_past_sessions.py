import os
from pathlib import Path

from protocol.session.layout import SessionFolder
from webui.archive.past_sessions import PastSessions


def write(data_folder: Path, name: str, game: str = "Meadow Quest", time: int = 5) -> SessionFolder:
    folder = SessionFolder(data_folder / name)
    folder.path.mkdir(exist_ok=True)
    folder.metadata.write_text(f'{{"game_name": "{game}"}}', encoding="utf-8")
    os.utime(folder.metadata, (time, time))
    return folder


def names(past: PastSessions) -> list[str] | None:
    summaries = past.read()
    return None if summaries is None else sorted(summary["session_id"] for summary in summaries)


def test_sessions_are_folders_with_metadata(tmp_path: Path) -> None:
    write(tmp_path, "meadow")
    write(tmp_path, ".hidden")
    (tmp_path / "empty").mkdir()
    (tmp_path / "index.sqlite").write_bytes(b"")
    for name, data in (("ruined", b"{"), ("hollow", b""), ("list", b"[]"), ("number", b"7")):
        write(tmp_path, name).metadata.write_bytes(data)
    assert names(PastSessions(tmp_path)) == ["meadow"]


def test_nothing_is_said_where_nothing_has_changed(tmp_path: Path) -> None:
    past = PastSessions(tmp_path)
    assert names(past) is None
    write(tmp_path, "meadow")
    assert names(past) == ["meadow"]
    assert names(past) is None


def test_what_comes_changes_and_goes_is_seen(tmp_path: Path) -> None:
    past = PastSessions(tmp_path)
    folder = write(tmp_path, "meadow")
    past.read()
    write(tmp_path, "cave", "Cave Quest")
    write(tmp_path, "meadow", "Meadow Quest II", time=6)
    assert sorted(summary["game_name"] for summary in past.read() or []) == ["Cave Quest", "Meadow Quest II"]
    folder.metadata.unlink()
    assert names(past) == ["cave"]


def test_a_data_folder_that_is_not_there_has_no_sessions(tmp_path: Path) -> None:
    assert names(PastSessions(tmp_path / "none")) is None
