from pathlib import Path

from webui.api.page_keys import page_keys


def test_keys_are_remapped_in_a_file_of_the_data_folder(tmp_path: Path) -> None:
    (tmp_path / "keys.json").write_bytes(b'{"theme": ["F9"]}')
    keys, problems = page_keys(tmp_path)
    assert (keys["theme"], keys["follow"], problems) == (["F9"], ["l", "End"], [])
    assert page_keys(None)[0]["theme"] == ["t"]


def test_a_key_that_is_given_is_taken_from_the_action_that_has_it_by_default(tmp_path: Path) -> None:
    (tmp_path / "keys.json").write_bytes(b'{"theme": ["l"]}')
    keys, problems = page_keys(tmp_path)
    assert (keys["theme"], keys["follow"], problems) == (["l"], ["End"], [])


def test_keys_that_clash_are_reported_and_the_default_ones_stay(tmp_path: Path) -> None:
    (tmp_path / "keys.json").write_bytes(b'{"theme": ["l"], "follow": ["l"]}')
    keys, [problem] = page_keys(tmp_path)
    assert keys["theme"] == ["t"]
    assert "the key l stands for both" in problem
    (tmp_path / "keys.json").write_bytes(b'{"theme": "t"}')
    assert page_keys(tmp_path)[1] == ["keys.json: `theme` must be a list of keys. The default keys are used instead."]
