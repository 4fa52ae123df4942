"""A session's labels were chosen from the label set of its game."""

import json
from dataclasses import replace
from pathlib import Path

from daemon.exporting.label_set import label_set_of
from daemon.managing.session_reader import SessionReader, open_session
from protocol.session.metadata import metadata_json
from tests.daemon.exporting.recordings import frame_sets, record


def of_game(data: Path, game_config: str) -> SessionReader:
    session = record(data, sets=list(frame_sets(1)))
    session.folder.metadata.write_bytes(metadata_json(replace(session.metadata, game_config=game_config)))
    return open_session(session.folder.path)


def test_without_a_game_config_it_is_the_one_that_ships(tmp_path: Path) -> None:
    assert label_set_of(of_game(tmp_path, "")) == "default 1"


def test_the_persons_own_come_first(tmp_path: Path) -> None:
    for folder, document in (("game_configs", {"label_set": "mine"}), ("label_sets", {"version": 7})):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "mine.json").write_text(json.dumps(document), encoding="utf-8")
    assert label_set_of(of_game(tmp_path, "mine.json")) == "mine 7"


def test_what_can_not_be_read_is_left_out(tmp_path: Path) -> None:
    (tmp_path / "game_configs").mkdir()
    (tmp_path / "game_configs" / "odd.json").write_text('{"label_set": "lost"}', encoding="utf-8")
    (tmp_path / "label_sets").mkdir()
    (tmp_path / "label_sets" / "lost.json").write_text("[", encoding="utf-8")
    assert label_set_of(of_game(tmp_path, "odd.json")) == "lost"
