"""The pack of a year as JSON: names in one place, everything else with ids."""

from __future__ import annotations

import json
from importlib import resources
from typing import Any

from bigrules.findings.names import NameMode
from bigrules.findings.pack import Pack, PackCell, PackFinding
from bigrules.render.as_json import rests_on_data, who


def review_data(pack: Pack, names: NameMode = "initials") -> dict[str, Any]:
    """A pack as plain data.

    Args:
        pack: The pack, filled in with `ids` for names.
        names: How much of names stands under `people`; `none` leaves the names out.
    """
    report = pack.report
    ids = report.basis.names("ids")
    people, things = who(report, names)
    return {
        "register": report.rests_on.source,
        "body": pack.body,
        "title": pack.title,
        "year": pack.year,
        "window": {
            "from": pack.window[0].isoformat(),
            "until": pack.window[1].isoformat(),
            "state": pack.state,
        },
        "ready": pack.ready,
        "missing": [
            {
                "text": each.text,
                "where": each.where or None,
                "people": [ids.person(one) for one in each.people],
            }
            for each in pack.missing
        ],
        "members": [
            {
                "person": ids.person(each.person),
                "certain": each.certain,
                "cells": [_cell(one) for one in each.cells],
            }
            for each in pack.members
        ],
        "criteria": [_beside(each) for each in pack.criteria],
        "actions": {"needed": pack.needed, "told": [_cell(each) for each in pack.actions]},
        "questions": [
            {
                "question": each.question,
                "answer": each.answer or None,
                "state": each.cell.state,
                "text": each.cell.text,
                "beside": [_beside(one) for one in each.beside],
                "contradictions": list(each.contradictions),
            }
            for each in pack.questions
        ],
        "sent": {
            "state": pack.was_sent,
            "times": list(pack.sent),
            "beside": [_beside(each) for each in pack.sending],
        },
        "rests on": rests_on_data(report),
        "people": people,
        "things": things,
    }


def _cell(cell: PackCell) -> dict[str, Any]:
    return {"label": cell.label, "text": cell.text, "state": cell.state, "notes": list(cell.notes)}


def _beside(found: PackFinding) -> dict[str, Any]:
    return {
        "rule": found.rule,
        "says": found.title,
        "outcome": str(found.outcome),
        "said": list(found.said),
        "evidence": [{"lead": lead, "lines": list(lines)} for lead, lines in found.evidence],
        "asks": [{"question": text, "where": where or None} for text, where in found.asks],
    }


def review_schema() -> dict[str, Any]:
    """The JSON Schema of packs."""
    text = resources.files("bigrules.render").joinpath("review.schema.json").read_text(encoding="utf-8")
    loaded: dict[str, Any] = json.loads(text)
    return loaded
