"""Name that a candidate gets when it is accepted, with its evidence. Pure."""

from typing import Any

from daemon.finding.evidence import Query
from daemon.finding.forms import Form
from daemon.finding.found import Certainty, Found
from daemon.names.named_address import MAX_EVIDENCE, MAX_TEXT, Scale, Status
from protocol.errors import EvidenceError

__all__ = ["accepted_fields"]

_STATUS = {Certainty.CERTAIN: Status.CERTAIN, Certainty.LIKELY: Status.GUESS, Certainty.UNSURE: Status.GUESS}
"""Only a poke or a person makes a name confirmed."""


def accepted_fields(query: Query, found: Found) -> dict[str, Any]:
    """Return the name that the first candidate gets: fields, as the command `name` takes them.

    Args:
        query: with the name.
        found: its answer.

    Raises:
        EvidenceError: there is no candidate for which a label speaks.
    """
    first = next(iter(found.candidates), None)
    if first is None or not any(line.holds for line in first.evidence):
        raise EvidenceError(f"There is no candidate for {query.name} that could be accepted: no label speaks for one.")
    evidence = [
        f"{line.kind}{f' at {line.number}' if line.kind.has_picture else ''}: {line.text}"
        for line in first.evidence
        if line.holds
    ]
    lead = f"found by evidence, {found.certainty}: {found.lead:.1f} nats before the next"
    return {
        "name": query.name,
        "address": first.address,
        "type": first.type.name,
        "status": str(_STATUS[found.certainty]),
        "evidence": [text[:MAX_TEXT] for text in [lead, *evidence]][:MAX_EVIDENCE],
        **({} if first.form is Form.EQUAL else {"scale": _scale(first.form).as_map()}),
    }


def _scale(form: Form) -> Scale:
    """Return the scale in which the number on the screen is shown."""
    offset = form.shown(0)
    return Scale(factor=form.shown(1) - offset, offset=offset)
