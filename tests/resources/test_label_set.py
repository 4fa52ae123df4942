"""Options of a label set, and what is wrong with one that cannot be used."""

from typing import Any

import pytest

from protocol.errors import ConfigError
from resources.label_set import parse_label_set


def label_set(**fields: object) -> dict[str, Any]:
    return {"fields": {name: {"options": options} for name, options in fields.items()}}


def test_a_key_that_stands_twice_is_reported_with_both_values() -> None:
    document = label_set(context=[{"value": "battle", "key": "b"}, {"value": "bazaar", "key": "B"}])
    with pytest.raises(ConfigError, match=r"^mine\.json: in context the key b stands for both battle and bazaar\.$"):
        parse_label_set("mine", document)


def test_values_are_in_the_composed_form_of_unicode() -> None:
    options = parse_label_set("mine", label_set(scene=[{"value": "cafe\u0301"}])).options
    assert options["scene"][0]["value"] == "caf\u00e9"


@pytest.mark.parametrize(
    "document",
    [{}, label_set(mood=[]), {"fields": {"context": 7}}, label_set(context=7), label_set(context=[{"label": "x"}])],
)
def test_rubbish_is_refused_with_the_name_of_the_file(document: dict[str, Any]) -> None:
    with pytest.raises(ConfigError, match=r"^mine\.json"):
        parse_label_set("mine", document)
