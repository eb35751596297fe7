"""What is known is settled without conditions; that the conditions give the same is shown here, by the oracle."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bigrules.findings.judge import evaluate, judge_evaluation
from bigrules.findings.report import Finding
from properties import agree
from properties.long_run import examples
from random_rulebooks import rulebook_of
from strategies import KNOWN, cases


def judge_with_conditions(
    rulebook: Any, program: Any, case: Any, engine: str = "compiled", further: int | None = None
) -> tuple[Finding, ...]:
    """As `judge`, but every rule by the engine that has conditions."""
    return judge_evaluation(evaluate(rulebook, program, case, engine, further))


def test_conditions_give_what_the_oracle_finds(monkeypatch: pytest.MonkeyPatch) -> None:
    """Outcomes, people concerned and figures, on random rulebooks and cases of which everything is known."""
    monkeypatch.setattr(agree, "judge", judge_with_conditions)

    @examples(60)
    @given(st.data())
    def tried(data: st.DataObject) -> None:
        rulebook = rulebook_of(data.draw(st.integers(0, 2**60)))
        case = data.draw(cases(rulebook, sorts=KNOWN))
        lines, _ = agree.differences(rulebook, case, "compiled", 200, "with conditions")
        assert not lines, "\n".join(lines)

    tried()
