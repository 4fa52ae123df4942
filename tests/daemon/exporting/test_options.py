import re

import orjson
import pytest

from daemon.exporting.options import DatasetOptions, ImageMode
from daemon.exporting.split import SplitBy, SplitPlan
from protocol.errors import ExportError


@pytest.mark.parametrize(("name", "least"), [("window", 1), ("stride", 1), ("max_changes", 0), ("max_episode", 2)])
def test_a_number_out_of_its_range_is_refused_by_the_name_of_its_option(name: str, least: int) -> None:
    assert getattr(DatasetOptions(**{name: least}), name) == least  # type: ignore[arg-type]
    told = re.escape(f"--{name.replace('_', '-')} must be at least {least}, not {least - 1}.")
    with pytest.raises(ExportError, match=told):
        DatasetOptions(**{name: least - 1})  # type: ignore[arg-type]


def test_choices_stand_as_json_in_the_dataset() -> None:
    options = DatasetOptions(images=ImageMode.PATHS, split=SplitPlan(SplitBy.BLOCK, seed=3), task="Win")
    chosen = orjson.loads(orjson.dumps(options.as_map()))
    assert (chosen["images"], chosen["task"], chosen["max_episode"]) == ("paths", "Win", 240)
    assert chosen["split"] == {"by": "block", "shares": [0.8, 0.1, 0.1], "block": 720, "gap": 20, "seed": 3}
