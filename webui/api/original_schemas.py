"""Schemas of the OpenAPI document for the original's routes. Pure."""

from webui.api.schema_parts import COUNT, NUMBER, TEXT, Schema, ref, whole_object_schema

__all__ = ["original_schemas"]


def original_schemas() -> Schema:
    """Return the schemas by name."""
    options = {"type": "array", "items": whole_object_schema(value=TEXT, label=TEXT)}
    frames: Schema = {"type": "array", "items": {"type": ["number", "string"]}}
    labels: Schema = {"type": "object", "description": "As in `annotations.json`; tags may be a text with commas."}
    return {
        "Frames": whole_object_schema(
            frames={
                "type": "array",
                "items": whole_object_schema(frame=NUMBER, annotated={"type": "boolean"}, partial={"type": "boolean"}),
            },
            filter=TEXT,
            total_filtered=COUNT,
        ),
        "FrameEvent": whole_object_schema(
            timestamp={}, pc={}, current_keys={}, annotations={"type": ["object", "null"]}
        ),
        "FrameContext": whole_object_schema(annotations={"type": "object"}),
        "FrameContexts": whole_object_schema(contexts={"type": "array", "items": ref("FrameContext")}),
        "AnnotationConfig": whole_object_schema(
            context_options=options, action_options=options, intent_options=options, outcome_options=options
        ),
        "Counts": whole_object_schema(total=COUNT, complete=COUNT, partial=COUNT),
        "Used": {"type": "object", "additionalProperties": {"type": "array", "items": TEXT}},
        "Annotate": whole_object_schema(frames=frames, annotation=labels),
        "Annotated": {
            **whole_object_schema(success={"const": True}, annotated=frames, failed=frames),
            "description": "`failed` are frame sets that do not exist, `ignored` fields that gbatrace does not know.",
        },
        "GivenFields": labels,
        "Applied": whole_object_schema(success={"const": True}),
    }
