"""Schemas of the OpenAPI document for suggested labels and the agreement of people. Pure."""

from protocol.bus.memory_questions import MAX_SNAPPED
from protocol.session.annotations import TEXT_FIELDS
from webui.api.schema_parts import COUNT, NUMBER, PAIR, SIGNED, TEXT, Schema, list_schema, object_schema

__all__ = ["suggestion_schemas"]

_FIELD: Schema = {"enum": list(TEXT_FIELDS)}
_RUN = {"first": NUMBER, "last": NUMBER}
_REASON: Schema = {**TEXT, "description": "Why, in words."}


def suggestion_schemas() -> Schema:
    """Return the schemas by name."""
    suggestion = {
        **_RUN,
        "value": TEXT,
        "confidence": {"type": "number", "minimum": 0, "maximum": 1, "description": "Probability that it is right."},
        "reason": _REASON,
    }
    disagreement = {
        **_RUN,
        "label": TEXT,
        "value": {**TEXT, "description": "The one probably right."},
        "reason": _REASON,
    }
    return {
        "Suggestions": object_schema(
            ["field", "suggestions", "disagreements", "told_by", "note"],
            closed=True,
            field=_FIELD,
            suggestions={
                **list_schema(object_schema(list(suggestion), closed=True, **suggestion)),
                "description": "For the frame sets without a label from first to last; others between them have it.",
            },
            disagreements=list_schema(object_schema(list(disagreement), closed=True, **disagreement)),
            told_by={
                **list_schema(TEXT),
                "description": "Hex addresses of the bytes that tell the field, none where pictures do.",
            },
            note={**TEXT, "description": "Why nothing is suggested; else empty."},
        ),
        "Take": object_schema(
            ["field"],
            closed=True,
            field=_FIELD,
            ranges={
                **list_schema(PAIR, minItems=1),
                "description": "Frame sets that are meant, all suggestions without them; in them labels that memory "
                "contradicts are replaced too.",
            },
            **SIGNED,
        ),
        "Snap": {
            **object_schema(
                ["field"],
                closed=True,
                field=_FIELD,
                numbers={
                    **list_schema(NUMBER, minItems=1, maxItems=MAX_SNAPPED),
                    "description": "Frame sets of the runs that are meant.",
                },
                all={"const": True, "description": "All runs are meant."},
                **SIGNED,
            ),
            "oneOf": [{"required": ["numbers"]}, {"required": ["all"]}],
        },
        "Agreement": _agreement(),
        "Taken": object_schema(
            ["entry", "changed"],
            entry={"type": ["integer", "null"], "description": "Number in the session's annotation history."},
            changed=COUNT,
        ),
    }


def _agreement() -> Schema:
    two_counts = list_schema(COUNT, minItems=2, maxItems=2)
    field = {
        "field": _FIELD,
        "compared": {**COUNT, "description": "Frame sets that both have a word on."},
        "agreed": COUNT,
        "kappa": {"type": ["number", "null"], "description": "Cohen's kappa; null where it is not defined."},
        "only": {**two_counts, "description": "Frame sets that only the one labelled, and only the other."},
    }
    disagreement = {
        "field": _FIELD,
        **_RUN,
        "labels": {**list_schema(TEXT, minItems=2, maxItems=2), "description": "Of both; empty for no label."},
    }
    return object_schema(
        ["people", "compared", "fields", "disagreements", "total", "left_out"],
        closed=True,
        people={
            **list_schema(object_schema(["who", "sets"], closed=True, who=TEXT, sets=COUNT)),
            "description": "All who labelled in the session, who labelled most first.",
        },
        compared={
            **list_schema(TEXT),
            "description": "The two people or sessions; fewer where there are none.",
        },
        fields=list_schema(object_schema(list(field), closed=True, **field)),
        disagreements=list_schema(object_schema(list(disagreement), closed=True, **disagreement)),
        total={**COUNT, "description": "Disagreements that there are; the first are listed."},
        left_out={**COUNT, "description": "Of two sessions: frame sets that are not in both, or not the same."},
    )
