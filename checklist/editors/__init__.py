"""What editors are given: JSON Schemas that complete the vocabulary's words, show its questions and underline what is wrong."""

from checklist.editors.cases import case_schema
from checklist.editors.rulebook import examples_schema, rule_schema, vocabulary_schema
from checklist.editors.settings import profile_schema, settings_schema, waivers_schema
from checklist.editors.shapes import Schema, text_of
from checklist.editors.templates import case_template, is_rule_id, rule_template
from checklist.rules import Checklist

NAMES = ("case", "rule", "examples", "vocabulary", "profile", "settings", "waivers")
"""Every sort of file that has a schema."""
_DRAFT = "https://json-schema.org/draft/2020-12/schema"


def schema_of(what: str, checklist: Checklist) -> Schema:
    """The JSON Schema of one sort of file.

    Args:
        what: one of `NAMES`.
        checklist: whose words and rules the schema lists.
    """
    makers = {
        "case": case_schema,
        "rule": rule_schema,
        "examples": examples_schema,
        "vocabulary": vocabulary_schema,
        "profile": profile_schema,
        "settings": settings_schema,
        "waivers": waivers_schema,
    }
    schema = makers[what](checklist)
    # The server heads what it shows of a key with the nearest title.
    schema["properties"] = {key: {"title": key, **one} for key, one in schema["properties"].items()}
    return {"$schema": _DRAFT, "title": f"a {what} file", **schema}


def schema_files(checklist: Checklist) -> dict[str, str]:
    """Every schema by the name of its file, as text."""
    return {f"{what}.json": text_of(schema_of(what, checklist)) for what in NAMES}


__all__ = ["NAMES", "case_template", "is_rule_id", "rule_template", "schema_files", "schema_of"]
