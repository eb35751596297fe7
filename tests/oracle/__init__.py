"""A naive evaluator, written from `docs/semantics.md` alone, that every engine is held against."""

from oracle.completions import Completion, TooMany, completions
from oracle.evaluate import TwoValued, evaluate
from oracle.outcomes import FURTHER, OracleFinding, outcomes

__all__ = [
    "FURTHER",
    "Completion",
    "OracleFinding",
    "TooMany",
    "TwoValued",
    "completions",
    "evaluate",
    "outcomes",
]
