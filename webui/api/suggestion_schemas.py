"""Schemas of the OpenAPI document for suggested labels. Pure."""

from protocol.session.annotations import TEXT_FIELDS
from webui.api.schema_parts import NUMBER, TEXT, Schema, list_schema, object_schema

__all__ = ["suggestion_schemas"]

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
            field={"enum": list(TEXT_FIELDS)},
            suggestions={
                **list_schema(object_schema(list(suggestion), closed=True, **suggestion)),
                "description": "For the frame sets without a label from first to last; others between them have it.",
            },
            disagreements=list_schema(object_schema(list(disagreement), closed=True, **disagreement)),
            told_by={**list_schema(TEXT), "description": "Hex addresses of the bytes that tell the field."},
            note={**TEXT, "description": "Why nothing is suggested; else empty."},
        )
    }
