"""Labels of a frame set, and edits of them field by field."""

import json
import unicodedata
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol.errors import LabelError
from protocol.session.annotations import (
    FIELD_NAMES,
    MAX_DESCRIPTION,
    MAX_TAGS,
    MAX_VALUE,
    Annotations,
    annotations_json,
    checked_edit,
    parse_annotations,
    read_annotations,
    recorded_edit,
)

word = (
    st.text(st.characters(exclude_categories=["Cc", "Cs"]), max_size=20)
    .map(lambda text: unicodedata.normalize("NFC", text))
    .map(str.strip)
)
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
        ],
    )
    def test_what_cannot_be_read_is_said(self, data: bytes, sentence: str) -> None:
        with pytest.raises(LabelError, match=sentence):
            parse_annotations(data)

    def test_tags_may_be_a_text(self) -> None:
        found = read_annotations(b'{"context": "battle", "scene": "mine field", "tags": "alpha, beta"}')
        assert found.labels == Annotations(context="battle", scene="mine field", tags=("alpha", "beta"))
        assert found.remarks == ()

    def test_the_action_may_have_the_key_that_it_had_before(self) -> None:
        assert parse_annotations(b'{"action_type": "combat"}').action == "combat"
        assert parse_annotations(b'{"action_type": "combat", "action": null}').action == "combat"
        assert parse_annotations(b'{"action_type": "combat", "action": "navigation"}').action == "navigation"

    @pytest.mark.parametrize("mark", [b"\xef\xbb\xbf", "utf-16"])
    def test_a_byte_order_mark_is_passed_over(self, mark: bytes | str) -> None:
        text = '{"context": "battle"}'
        data = text.encode(mark) if isinstance(mark, str) else mark + text.encode()
        assert parse_annotations(data) == Annotations(context="battle")

    @pytest.mark.parametrize(
        ("odd", "read", "remark"),
        [
            ('"complete": "true"', {"complete": True}, "complete is the text 'true'"),
            ('"complete": "No"', {"complete": False}, "complete is the text 'No'"),
            ('"complete": 1', {"complete": True}, "complete is 1"),
            ('"complete": "perhaps"', {}, "complete holds true or false, and the file says 'perhaps'"),
            ('"context": ["battle"]', {"context": "battle"}, "context is a list"),
            ('"context": ["battle", "shop"]', {"context": "battle, shop"}, "context is a list"),
            ('"context": []', {}, "context is a list"),
            ('"context": {"a": 1}', {}, "context holds text, and the file says"),
            ('"context": 7', {"context": "7"}, "context is a number"),
            ('"context": true', {}, "context holds text"),
            ('"context": "a\\u0000b"', {"context": "ab"}, "context held control characters"),
            ('"context": "a\\nb"', {"context": "a b"}, "context held control characters"),
            ('"tags": ["boss", 3]', {"tags": ("boss", "3")}, "a tag is a number"),
            ('"tags": 3', {}, "tags holds a list"),
            (f'"context": "{"x" * 201}"', {}, "at most 200 characters"),
        ],
    )
    def test_an_odd_field_costs_itself_only_and_is_reported(self, odd: str, read: dict[str, Any], remark: str) -> None:
        found = read_annotations(b'{"scene": "mine", %s, "intent": "progress"}' % odd.encode())
        assert found.labels == Annotations(scene="mine", intent="progress").edited(read)
        (told,) = found.remarks
        assert remark in told

    def test_what_was_found_is_kept_when_it_is_written(self) -> None:
        before = b'{"tags": "alpha, beta", "action_type": "combat", "mood": {"is": "tense"}, "outcome": [1], "x": null}'
        found = read_annotations(before)
        document = json.loads(annotations_json(found.labels.edited({"scene": "mine", "action": "navigation"}), found))
        assert document["tags"] == "alpha, beta"
        assert (document["action"], document["action_type"]) == ("navigation", "navigation")
        assert (document["mood"], document["x"], document["outcome"]) == ({"is": "tense"}, None, [1])
        assert document["scene"] == "mine"

    def test_a_value_given_takes_the_place_of_one_that_could_not_be_understood(self) -> None:
        found = read_annotations(b'{"outcome": {"a": 1}}')
        assert json.loads(annotations_json(Annotations(outcome="success"), found))["outcome"] == "success"

    def test_a_tag_that_has_a_comma_needs_a_list(self) -> None:
        found = read_annotations(b'{"tags": "alpha"}')
        assert json.loads(annotations_json(Annotations(tags=("a, b",)), found))["tags"] == ["a, b"]
        assert json.loads(annotations_json(Annotations(), found))["tags"] == ""

    @given(st.binary(max_size=60))
    def test_arbitrary_bytes_raise_nothing_else(self, data: bytes) -> None:
        with pytest.raises(LabelError):
            parse_annotations(data)


class TestEdits:
    def test_composed_and_decomposed_are_one_value(self) -> None:
        assert checked_edit({"scene": "cafe\u0301", "tags": ["e\u0301", "\u00e9"]}) == {
            "scene": "caf\u00e9",
            "tags": ("\u00e9",),
        }

    def test_a_description_has_lines(self) -> None:
        assert checked_edit({"description": "one\r\ntwo\tthree"}) == {"description": "one\ntwo\tthree"}

    def test_the_history_may_hold_what_once_was_allowed(self) -> None:
        assert recorded_edit({"scene": "a\x00b", "tags": ["\x1bx"]}) == {"scene": "ab", "tags": ("x",)}

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
            ({"context": "a\0b"}, "context holds no control characters"),
            ({"scene": "one\ntwo"}, "scene holds no control characters"),
            ({"tags": ["\x1b[31m"]}, "tags holds no control characters"),
            ({"description": "a\x9bb"}, "description holds no control characters"),
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
