from daemon.exporting.language import OUTCOME_QUESTION, event_rows, persistent_rows
from protocol.session.annotations import Annotations


def test_a_state_is_reported_when_it_begins_and_when_it_ends() -> None:
    battle = Annotations(context="battle", scene="forest", tags=("boss", "night"), action="combat")
    rows = persistent_rows([None, battle, battle, None], [0.0, 0.25, 0.5, 0.75])
    assert [(row["timestamp"], row["style"], row["content"]) for row in rows] == [
        (0.25, "memory", "context: battle; scene: forest; tags: boss, night"),
        (0.25, "subtask", "combat"),
        (0.75, "memory", None),
        (0.75, "subtask", None),
    ]
    assert all(row["role"] == "assistant" and row["camera"] is None and row["tool_calls"] is None for row in rows)


def test_an_intent_is_a_plan() -> None:
    (row,) = persistent_rows([Annotations(intent="recover_heal")] * 2, [0.0, 1.0])
    assert (row["style"], row["content"], row["timestamp"]) == ("plan", "recover_heal", 0.0)


def test_an_outcome_is_an_answer_about_the_screenshot_where_it_is_new() -> None:
    rows = event_rows(
        [Annotations(), Annotations(outcome="success"), Annotations(outcome="success")], "observation.image"
    )
    assert [[(row["style"], row["role"], row["content"], row["camera"]) for row in here] for here in rows] == [
        [],
        [
            ("vqa", "user", OUTCOME_QUESTION, "observation.image"),
            ("vqa", "assistant", "success", "observation.image"),
        ],
        [],
    ]


def test_a_description_is_said_by_the_person_who_labelled() -> None:
    ((row,),) = event_rows([Annotations(description="Look, a chest")], "observation.image")
    assert (row["style"], row["role"], row["content"], row["camera"]) == ("interjection", "user", "Look, a chest", None)
