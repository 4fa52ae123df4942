"""The pure modules of the timeline: lanes and their colours."""

from itertools import combinations
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Page

from tests.browser.page_modules import call

_SIMULATED = {
    "full colour vision": np.eye(3),
    "deuteranopia": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
    "protanopia": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
}
"""Linear RGB as it is seen, for the whole loss of a cone; from Machado, Oliveira and Fernandes 2009, table 1."""

_XYZ = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
)
"""Linear sRGB to XYZ, for the white D65."""

_WHITE = np.array([0.95047, 1.0, 1.08883])
_LANE = "#101316"


def _linear(colour: str) -> Any:
    parts = np.array([int(colour[at : at + 2], 16) for at in (1, 3, 5)]) / 255
    return np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)


def _lab(colour: str, seen: Any) -> Any:
    xyz = _XYZ @ np.clip(seen @ _linear(colour), 0, 1) / _WHITE
    f = np.where(xyz > 216 / 24389, np.cbrt(xyz), (24389 / 27 * xyz + 16) / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def _contrast(one: str, other: str) -> float:
    low, high = sorted(float(_XYZ[1] @ _linear(colour)) for colour in (one, other))
    return (high + 0.05) / (low + 0.05)


def _watched(field: str, values: list[str], options: list[str]) -> dict[str, Any]:
    runs = [[number, number, value] for number, value in enumerate(values)]
    return {
        "labels": {field: runs},
        "labelOptions": {"options": {field: [{"value": value, "label": value} for value in options]}},
    }


@pytest.mark.parametrize(("sight", "least"), [("full colour vision", 38), ("deuteranopia", 19), ("protanopia", 19)])
def test_fills_of_a_lane_are_told_apart(modules: Page, sight: str, least: float) -> None:
    seen = {fill: _lab(fill, _SIMULATED[sight]) for fill in call(modules, "lanes", "m.PALETTE")}
    distances = {pair: float(np.linalg.norm(seen[pair[0]] - seen[pair[1]])) for pair in combinations(seen, 2)}
    closest = min(distances, key=lambda pair: distances[pair])
    assert distances[closest] >= least, closest


def test_the_names_of_values_can_be_read_on_every_fill(modules: Page) -> None:
    values = [f"v{number}" for number in range(25)]
    looks = dict(call(modules, "lanes", "[...m.looksOf(a, 'scene')]", _watched("scene", values, [])))
    assert len({(look["fill"], look["stripes"]) for look in looks.values()}) == 20
    for look in looks.values():
        assert _contrast(look["fill"], look["ink"]) >= 4.5
        assert _contrast(look["fill"], _LANE) >= 3


def test_values_in_a_lane_never_share_a_fill_while_one_is_free(modules: Page) -> None:
    options = [f"option {number}" for number in range(30)]
    used = ["option 2", "option 12", "option 22", "new"]
    looks = dict(call(modules, "lanes", "[...m.looksOf(a, 'action')]", _watched("action", used, options)))
    assert len({look["fill"] for look in looks.values()}) == len(used)
    assert not any(look["stripes"] for look in looks.values())
    alone = dict(call(modules, "lanes", "[...m.looksOf(a, 'action')]", _watched("action", used[:1], options)))
    assert alone["option 2"] == looks["option 2"], "a value keeps its fill when others are used"
