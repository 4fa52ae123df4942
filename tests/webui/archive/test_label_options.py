import json
from pathlib import Path

from tests.fakes.bus_daemon import FakeDaemon, FakeSession
from webui.archive.label_options import label_options


def test_a_game_config_is_kept_with_its_session(tmp_path: Path) -> None:
    session = FakeSession(FakeDaemon(tmp_path), "meadow", "Meadow Quest")
    kept = {"game": "Meadow Quest", "semantics": [{"context": "shop", "A": ["buy"]}]}
    metadata = {"session_id": "meadow", "game_config": "away.json", "game_config_content": kept}
    session.folder.metadata.write_bytes(json.dumps(metadata).encode())
    found = label_options(tmp_path, "meadow")
    assert (found.game_config, found.semantics) == ("away.json", kept["semantics"])
    (tmp_path / "game_configs").mkdir()
    (tmp_path / "game_configs" / "away.json").write_bytes(b'{"game": "Meadow Quest"}')
    assert label_options(tmp_path, "meadow").semantics == []
    session.folder.metadata.write_bytes(b'{"session_id": "meadow"}')
    assert label_options(tmp_path, "meadow").game_config == ""


def test_the_game_config_names_its_label_set_and_says_what_buttons_mean(tmp_path: Path) -> None:
    session = FakeSession(FakeDaemon(tmp_path), "meadow", "Meadow Quest")
    session.folder.metadata.write_bytes(b'{"game_config": "gbatrace_demo.json"}')
    found = label_options(tmp_path, "meadow")
    assert found.label_set == "default"
    assert any(entry["context"] == "battle" for entry in found.semantics)
    (tmp_path / "game_configs").mkdir()
    (tmp_path / "game_configs" / "gbatrace_demo.json").write_bytes(b'{"label_set": "mine"}')
    found = label_options(tmp_path, "meadow")
    assert (found.label_set, len(found.options["context"])) == ("default", 19)
    assert "no label set 'mine'" in found.problems[0]
    (tmp_path / "label_sets").mkdir()
    (tmp_path / "label_sets" / "mine.json").write_bytes(b'{"fields": {"context": {"options": [{"value": "den"}]}}}')
    found = label_options(tmp_path, "meadow")
    assert found.options == {"context": [{"value": "den", "label": "den"}]}
