from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from protocol.session.annotations import Annotations
from webui.archive.label_counts import MAX_VALUES, LabelCounts, most_used

labels = st.builds(
    Annotations,
    context=st.sampled_from(["", "battle", "shop"]),
    action=st.sampled_from(["", "attack"]),
    description=st.sampled_from(["", "quiet"]),
    tags=st.lists(st.sampled_from("abc"), unique=True).map(tuple),
    complete=st.booleans(),
)


@given(st.lists(st.tuples(labels, labels)))
def test_counts_follow_every_change(changes: list[tuple[Annotations, Annotations]]) -> None:
    kept, anew = LabelCounts(), LabelCounts()
    for before, after in changes:
        kept.add(before)
        kept.add(before, -1)
        kept.add(after)
        anew.add(after)
    assert kept == anew
    now = [after for _, after in changes]
    assert kept.progress() == {
        "total": len(now),
        "complete": sum(one.complete for one in now),
        "partial": sum(not one.complete and one != Annotations() for one in now),
        "unlabelled": now.count(Annotations()),
    }
    assert kept.used["tags"] == Counter(tag for one in now for tag in one.tags)


def test_the_most_used_values_of_all_sessions_come_first() -> None:
    meadow, cave = LabelCounts(), LabelCounts()
    meadow.add(Annotations(context="shop", tags=("b",)), 3)
    cave.add(Annotations(context="battle", tags=("a", "b")), 2)
    cave.add(Annotations(context="shop"))
    used = most_used([meadow, cave])
    assert (used["context"], used["tags"], used["scene"]) == (["shop", "battle"], ["b", "a"], [])


def test_only_so_many_values_are_listed() -> None:
    counts = LabelCounts()
    for number in range(MAX_VALUES + 5):
        counts.add(Annotations(scene=f"{number:03}"))
    assert len(most_used([counts])["scene"]) == MAX_VALUES
