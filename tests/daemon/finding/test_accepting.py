"""A candidate that is accepted becomes a name with the evidence that speaks for it."""

import pytest

from daemon.analysis.value_types import value_type
from daemon.finding.accepting import accepted_fields
from daemon.finding.evidence import Query
from daemon.finding.forms import Form
from daemon.finding.found import Certainty, EvidenceKind, EvidenceLine, Found, FoundCandidate
from daemon.names.named_address import MAX_EVIDENCE, MAX_TEXT, Scale, Status, parse_named_address
from protocol.errors import EvidenceError

LINES = (
    EvidenceLine(812, EvidenceKind.READING, "it was 23, as 23 was read", holds=True, nats=-0.1),
    EvidenceLine(900, EvidenceKind.EVENT, "it did not change before the key", holds=False, nats=-1.9),
)


def found(certainty: Certainty, form: Form = Form.EQUAL, evidence: tuple[EvidenceLine, ...] = LINES) -> Found:
    first = FoundCandidate(4, 0x0200_0004, value_type("u16"), form, 1.0, 3, 23, evidence)
    return Found("hp", (first,), lead=5.25, certainty=certainty)


@pytest.mark.parametrize(
    ("certainty", "status"),
    [
        (Certainty.CERTAIN, Status.CERTAIN),
        (Certainty.LIKELY, Status.GUESS),
        (Certainty.UNSURE, Status.GUESS),
    ],
)
def test_a_name_is_as_sure_as_its_lead(certainty: Certainty, status: Status) -> None:
    entry = parse_named_address(accepted_fields(Query("hp"), found(certainty)))
    assert (entry.name, entry.address, entry.type, entry.status) == ("hp", 0x0200_0004, "u16", status)
    assert entry.evidence == (
        f"found by evidence, {certainty}: 5.2 nats before the next",
        "reading at 812: it was 23, as 23 was read",
    )


def test_an_axis_is_of_no_frame_set() -> None:
    lines = (EvidenceLine(0, EvidenceKind.AXIS, "it moved", holds=True, nats=1),)
    entry = parse_named_address(accepted_fields(Query("x"), found(Certainty.CERTAIN, evidence=lines)))
    assert entry.evidence[1:] == ("axis: it moved",)


@pytest.mark.parametrize("form", list(Form))
def test_its_scale_shows_what_the_screen_shows(form: Form) -> None:
    entry = parse_named_address(accepted_fields(Query("hp"), found(Certainty.CERTAIN, form)))
    assert 23 * entry.scale.factor + entry.scale.offset == form.shown(23)
    assert (entry.scale == Scale()) == (form is Form.EQUAL)


def test_a_name_has_room_for_all_evidence_that_it_is_given() -> None:
    many = tuple(EvidenceLine(number, EvidenceKind.READING, "x" * 500, holds=True, nats=0) for number in range(100))
    entry = parse_named_address(accepted_fields(Query("hp"), found(Certainty.CERTAIN, evidence=many)))
    assert len(entry.evidence) <= MAX_EVIDENCE
    assert max(map(len, entry.evidence)) == MAX_TEXT


def test_nothing_is_accepted_where_nothing_was_found() -> None:
    with pytest.raises(EvidenceError, match="no candidate for hp"):
        accepted_fields(Query("hp"), Found("hp"))
    with pytest.raises(EvidenceError, match="no label speaks for one"):
        accepted_fields(Query("hp"), found(Certainty.UNSURE, evidence=LINES[1:]))
