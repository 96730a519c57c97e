"""The words for what the contracts name by keys only: problems, faults of fields, purposes, devices."""

from collections.abc import Mapping
from typing import Any

from gateway.words.contacts import role_words
from gateway.words.devices import (
    JOIN_TYPES,
    KEY_KINDS,
    KINDS,
    REASONS,
    join_words,
    key_kind_words,
    kind_words,
    reason_told,
)
from gateway.words.faults import FAULTS, fault_detail
from gateway.words.problem import ProblemWords
from gateway.words.problems import PROBLEMS
from gateway.words.purposes import PURPOSES, purpose_words
from gateway.words.terms import (
    basis_cited,
    basis_right,
    basis_said,
    category_said,
    objectable,
    purpose_said,
    source_said,
)

__all__ = [
    "FAULTS",
    "JOIN_TYPES",
    "KEY_KINDS",
    "KINDS",
    "PROBLEMS",
    "PURPOSES",
    "REASONS",
    "ProblemWords",
    "basis_cited",
    "basis_right",
    "basis_said",
    "category_said",
    "fault_detail",
    "join_words",
    "key_kind_words",
    "kind_words",
    "objectable",
    "purpose_said",
    "purpose_words",
    "reason_told",
    "role_words",
    "source_said",
    "with_words",
]


def with_words(document: Mapping[str, Any], language: str) -> dict[str, Any]:
    """Give a problem document with `title` and `detail` in *language*, those of its field errors included."""
    words = PROBLEMS.get(str(document.get("key")), PROBLEMS["unexpected"])
    worded = {**document, "title": words.title.said(language), "detail": words.detail_of(document, language)}
    if isinstance(document.get("errors"), list):
        worded["errors"] = [{**fault, "detail": fault_detail(fault, language)} for fault in document["errors"]]
    return worded
