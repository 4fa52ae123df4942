"""Options of a label set, and what is wrong with one that cannot be used."""

from typing import Any

import pytest

from protocol.errors import ConfigError
from resources.label_set import edited_label_set, parse_label_set


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


def test_an_edit_changes_what_it_names_and_nothing_else() -> None:
    document = {**label_set(context=[{"value": "battle", "key": "b", "mine": 1}]), "version": 3, "author": "ann"}
    before = str(document)
    edit = {"value": "battle", "label": "Fight", "key": "f", "colour": "#b03838"}
    edited = edited_label_set("mine", document, "context", edit)
    option = {"value": "battle", "mine": 1, "label": "Fight", "key": "f", "colour": "#b03838"}
    assert edited == {**label_set(context=[option]), "version": 4, "author": "ann"}
    assert str(document) == before
    plain = edited_label_set("mine", edited, "context", {"value": "battle", "key": "", "colour": ""})
    assert plain["fields"]["context"]["options"] == [{"value": "battle", "mine": 1, "label": "Fight"}]
    retired = edited_label_set("mine", plain, "scene", {"value": "cave", "retired": True})
    assert parse_label_set("mine", retired).options["scene"] == [{"value": "cave", "label": "cave", "retired": True}]


def test_an_edit_that_cannot_be_is_refused() -> None:
    document = label_set(context=[{"value": "battle", "key": "b"}, {"value": "shop"}])
    with pytest.raises(ConfigError, match="the key b stands for both battle and shop"):
        edited_label_set("mine", document, "context", {"value": "shop", "key": "b"})
    with pytest.raises(ConfigError, match="no label field 'mood'"):
        edited_label_set("mine", document, "mood", {"value": "sad"})
    with pytest.raises(ConfigError, match="colour of shop must be as #5cb0f8"):
        edited_label_set("mine", document, "context", {"value": "shop", "colour": "red"})
