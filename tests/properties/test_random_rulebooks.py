"""Random rulebooks and cases are of every form that the language has: what never comes up is not tested."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from properties import features
from random_rulebooks import rulebook_of
from strategies import cases

RULEBOOKS = 1_500
CASES = 250


@pytest.fixture(scope="module")
def counted() -> Counter[str]:
    """How many of so many rulebooks use each feature."""
    found: Counter[str] = Counter()
    for seed in range(RULEBOOKS):
        found.update(features.of_rulebook(rulebook_of(seed)))
    return found


@pytest.mark.parametrize("feature", sorted(features.OF_RULEBOOKS))
def test_one_rulebook_in_200_at_least_uses(feature: str, counted: Counter[str]) -> None:
    """Each feature of the language comes up so often that a run of any length tries it."""
    assert counted[feature] >= RULEBOOKS / 200


def test_no_feature_goes_uncounted(counted: Counter[str]) -> None:
    """What the generator makes is on the list above, so that it is noticed when it makes it no more."""
    assert counted.keys() <= features.OF_RULEBOOKS


def test_cases_have_every_sort_of_unknown() -> None:
    """Cases for random rulebooks."""
    found: Counter[str] = Counter()

    @settings(max_examples=CASES, derandomize=True, database=None)
    @given(st.data())
    def tried(data: st.DataObject) -> None:
        rulebook = rulebook_of(data.draw(st.integers(0, 2**40)))
        found.update(features.of_case(rulebook, data.draw(cases(rulebook))))

    tried()
    assert found.keys() == features.OF_CASES
