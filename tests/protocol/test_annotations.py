"""Labels of a frame set, and edits of them field by field."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol.annotations import (
    FIELD_NAMES,
    MAX_DESCRIPTION,
    MAX_TAGS,
    MAX_VALUE,
    Annotations,
    annotations_json,
    checked_edit,
    parse_annotations,
)
from protocol.errors import LabelError

word = st.text(max_size=20).map(str.strip)
labels = st.builds(
    Annotations,
    context=word,
    scene=word,
    tags=st.lists(word.filter(bool), max_size=5, unique=True).map(tuple),
    description=word,
    action=word,
    intent=word,
    outcome=word,
    complete=st.booleans(),
)

ORIGINAL = b"""{
  "context": "battle",
  "scene": "robattle with \\u00e4",
  "tags": ["boss", "tutorial"],
  "description": "Rokusho attacks.",
  "action": "strike_attack",
  "intent": "acesss_option",
  "outcome": "success",
  "complete": true
}"""


class TestTheFile:
    @given(labels)
    def test_what_is_written_is_read(self, given: Annotations) -> None:
        assert parse_annotations(annotations_json(given)) == given

    def test_its_keys_are_the_originals_in_their_order(self) -> None:
        document = json.loads(annotations_json(Annotations(tags=("boss",))))
        keys = ["context", "scene", "tags", "description", "action", "intent", "outcome", "complete"]
        assert list(document) == keys == list(FIELD_NAMES)
        assert (document["tags"], document["complete"]) == (["boss"], False)

    def test_a_file_of_the_original_is_read_spelling_and_all(self) -> None:
        assert parse_annotations(ORIGINAL) == Annotations(
            context="battle",
            scene="robattle with ä",
            tags=("boss", "tutorial"),
            description="Rokusho attacks.",
            action="strike_attack",
            intent="acesss_option",
            outcome="success",
            complete=True,
        )

    def test_keys_may_be_missing_empty_or_more(self) -> None:
        assert parse_annotations(b'{"context": "battle", "scene": null, "mood": "tense"}') == Annotations(
            context="battle"
        )

    @pytest.mark.parametrize(
        ("data", "sentence"),
        [
            (b"", "not JSON"),
            (b"{", "not JSON"),
            (b"[]", "not an object"),
            (b'{"tags": "boss"}', "tags holds a list of texts"),
            (b'{"complete": "yes"}', "complete holds true or false"),
            (b'{"context": 7}', "context holds text"),
        ],
    )
    def test_what_can_not_be_read_is_said(self, data: bytes, sentence: str) -> None:
        with pytest.raises(LabelError, match=sentence):
            parse_annotations(data)

    @given(st.binary(max_size=60))
    def test_arbitrary_bytes_raise_nothing_else(self, data: bytes) -> None:
        with pytest.raises(LabelError):
            parse_annotations(data)


class TestEdits:
    def test_blanks_around_a_text_and_repeated_tags_are_taken_away(self) -> None:
        assert checked_edit({"context": " battle\n", "tags": ["b", " a ", "b", "", "a"]}) == {
            "context": "battle",
            "tags": ("b", "a"),
        }

    @pytest.mark.parametrize(
        ("values", "sentence"),
        [
            ({"mood": "tense"}, "no label field 'mood'; there are context, scene"),
            ({"m" * 100: ""}, "no label field"),
            ({"context": None}, "context holds text"),
            ({"context": ["battle"]}, "context holds text"),
            ({"context": "x" * (MAX_VALUE + 1)}, f"at most {MAX_VALUE} characters"),
            ({"description": 7}, "description holds a text"),
            ({"description": "x" * (MAX_DESCRIPTION + 1)}, f"at most {MAX_DESCRIPTION} characters"),
            ({"tags": [1]}, "tags holds text"),
            ({"tags": [str(n) for n in range(MAX_TAGS + 1)]}, f"at most {MAX_TAGS} tags"),
            ({"tags": ["x" * (MAX_VALUE + 1)]}, f"at most {MAX_VALUE} characters"),
            ({"complete": 1}, "complete holds true or false"),
        ],
    )
    def test_an_impossible_value_is_named(self, values: dict[str, Any], sentence: str) -> None:
        with pytest.raises(LabelError, match=sentence):
            checked_edit(values)

    def test_the_longest_values_are_possible(self) -> None:
        edit = {
            "context": "x" * MAX_VALUE,
            "description": "x" * MAX_DESCRIPTION,
            "tags": [str(n) for n in range(MAX_TAGS)],
        }
        assert Annotations().edited(checked_edit(edit)).tags[-1] == str(MAX_TAGS - 1)

    def test_fields_that_are_not_named_stay(self) -> None:
        before = Annotations(context="battle", tags=("boss",))
        assert before.edited({"context": "dialogue"}) == Annotations(context="dialogue", tags=("boss",))

    @given(labels, labels)
    def test_differences_lead_there_and_back(self, here: Annotations, there: Annotations) -> None:
        before, after = here.differences(there)
        assert here.edited(after) == there
        assert there.edited(before) == here
        assert before.keys() == after.keys()
        assert all(before[name] != after[name] for name in before)
