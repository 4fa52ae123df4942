"""Schemas of the OpenAPI document for names of memory. Pure."""

from webui.api.schema_parts import COUNT, SIGNED, TEXT, Schema, list_schema, object_schema, ref, whole_object_schema

__all__ = ["NAME_FORMATS", "name_schemas"]

NAME_FORMATS = ("json", "wch", "stable-retro", "ra-notes", "ra-user")
"""Forms in which the daemon writes names."""

_LAYER: Schema = {"enum": ["own", "config", "shipped"], "description": "A person's own, the game config's, shipped."}


def name_schemas() -> Schema:
    """Return the schemas by name."""
    notes = {**list_schema(TEXT), "description": "Sentences on what could not be done as it was given."}
    meanings: Schema = {"type": "object", "additionalProperties": TEXT}
    scale: Schema = {
        "type": "object",
        "description": "How a value is shown: value * factor + offset, and the unit.",
        "properties": {"factor": {"type": "number"}, "offset": {"type": "number"}, "unit": TEXT},
        "additionalProperties": False,
    }
    fields: dict[str, Schema] = {
        "name": {**TEXT, "description": "Unique in the game."},
        "address": {"type": ["integer", "string"], "description": "On the bus, of the first byte; hex as a text."},
        "type": {**TEXT, "description": "Value type: `u8`, `s16`, `u32be`, `bcd16`, `fixed20.12`, `float32`, …"},
        "scale": scale,
        "values": {**meanings, "description": "Meaning of single values, by number."},
        "bits": {**meanings, "description": "Meaning of single bits, by number, 0 the lowest."},
        "note": TEXT,
        "status": {"enum": ["guess", "certain", "confirmed"]},
        "evidence": list_schema(TEXT),
        "watched": {"type": "boolean", "description": "Whether its values are shown while playing."},
        "alarm": {**TEXT, "description": "Alarm, such as `< 5` or `< 5 then latch context=danger`; empty for none."},
    }
    signed = {key: SIGNED[key] for key in ("who", "origin")}
    previous = {**TEXT, "description": "The name as it was, to rename it or to give it another address."}
    entry = object_schema(["name", "address", "type", "status"], closed=False, **fields, who=TEXT, layer=_LAYER)
    return {
        "NameEntry": {**entry, "description": "Fields that say nothing are left out."},
        "Names": whole_object_schema(
            book=TEXT, game=TEXT, rom_hash=TEXT, names=list_schema(ref("NameEntry")), notes=notes
        ),
        "GivenName": {
            **object_schema(["name"], closed=True, **fields, **signed, previous=previous),
            "description": "A new name needs address and type; fields that are not given stay as they are.",
        },
        "Named": whole_object_schema(book=TEXT, name=ref("NameEntry"), notes=notes),
        "Unnamed": whole_object_schema(book=TEXT, name=ref("NameEntry")),
        "NameList": object_schema(
            ["text"], closed=True, text=TEXT, file={**TEXT, "description": "Its name."}, **signed
        ),
        "ImportedNames": whole_object_schema(book=TEXT, added=COUNT, changed=COUNT, unchanged=COUNT, notes=notes),
        "ExportedNames": whole_object_schema(file=TEXT, text=TEXT, named=COUNT, notes=notes),
    }
