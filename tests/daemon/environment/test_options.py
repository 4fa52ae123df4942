import json
from pathlib import Path
from typing import Any

import pytest

from daemon.environment.options import ActionKind, EnvironmentOptions, Observed, environment_id
from protocol.errors import SettingsError


def test_parts_of_an_observation_are_joined_by_a_plus() -> None:
    options = EnvironmentOptions(observe="picture+variables+picture", actions="frames")
    assert options.observed == (Observed.PICTURE, Observed.VARIABLES)
    assert options.action_kind is ActionKind.FRAMES


def test_what_was_given_is_json_and_makes_the_same_options() -> None:
    options = EnvironmentOptions(starts=("power-on", "a@3"), goal={"done": "hp == 0"}, frame_skip=1)
    assert options.given() == {"starts": ["power-on", "a@3"], "goal": {"done": "hp == 0"}, "frame_skip": 1}
    assert EnvironmentOptions(**json.loads(json.dumps(options.given()))) == options


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"observe": "sound"}, "'sound' cannot be observed"),
        ({"actions": "joystick"}, "no actions 'joystick'"),
        ({"frame_skip": 0}, "at least one frame"),
        ({"max_steps": -1}, "no fewer than 0 steps"),
        ({"starts": ()}, "somewhere to start"),
        ({"actions": "combinations"}, "need `combinations`"),
        ({"combinations": ("A",)}, "no others have any"),
        ({"render_mode": "ansi"}, "no render mode 'ansi'"),
        ({"max_steps": 1.5}, "`max_steps` cannot be 1.5: it is a whole number"),
        ({"max_steps": None}, "it is a whole number"),
        ({"frame_skip": "5"}, "it is a whole number"),
        ({"observe": ["picture"]}, "it is a text"),
        ({"names": [3]}, "it is a list of texts"),
        ({"starts": None}, "it is a list of texts"),
        ({"actions": "combinations", "combinations": ["A", None]}, "it is a list of texts"),
        ({"goal": ["reward"]}, "it is a dictionary"),
    ],
)
def test_an_impossible_value_is_refused(given: dict[str, Any], sentence: str) -> None:
    with pytest.raises(SettingsError, match=sentence):
        EnvironmentOptions(**given)


def test_a_path_is_taken_as_text_and_one_text_as_a_list_of_it() -> None:
    session = Path("data") / "run"
    given: dict[str, Any] = {
        "combinations": session,
        "names": "player.x",
        "starts": f"{session}@3",
        "goal": Path("goal.json"),
        "record_to": Path("data"),
    }
    options = EnvironmentOptions(actions="combinations", **given)
    assert options.names == ("player.x",)
    assert options.starts == (f"{session}@3",)
    assert (options.goal, options.record_to, options.combinations) == ("goal.json", "data", str(session))
    assert EnvironmentOptions(**json.loads(json.dumps(options.given()))) == options


def test_an_id_is_one_that_gymnasium_takes() -> None:
    assert environment_id("gbatrace_demo") == "gbatrace/gbatrace_demo-v0"
    assert environment_id("Grün & Gold (U)") == "gbatrace/Gr_n___Gold__U_-v0"
