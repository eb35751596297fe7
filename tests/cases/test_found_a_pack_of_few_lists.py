"""A pack named each two of the members as open, and of an earlier year it said that nothing was recorded of it."""

from __future__ import annotations

import bigrules
from bigrules.render.review import review_markdown


def _page(members: str, as_of: str, **given: object) -> str:
    people = [{"person": each} for each in members]
    rulebook = bigrules.load_rulebook()
    # The rest was asked, and there is none: it is pairs of workers, relatives and officers that are many.
    rest = rulebook.model.vocabulary.given.keys() - {"work", "relations", "offices"}
    empty: dict[str, object] = {each: [] for each in rulebook.model.vocabulary.given if each in rest}
    case = rulebook.read({**empty, "people": people, "memberships": people, **given}, as_of=as_of)
    return review_markdown(rulebook.review(case, 2018))


def test_each_two_of_many_are_not_listed() -> None:
    """Of five members there are twenty pairs of which one may be a paid worker and the other's relative."""
    page = _page("abcde", "2018-10-01")
    assert "Open for a and b, a and c, a and d and 18 more." in page
    assert "e and d." not in page and "c and e" not in page


def test_each_two_of_few_are_listed() -> None:
    """Of three there are six, and what is not recorded."""
    assert "b and c, c and a, c and b and what is not recorded." in _page("abc", "2018-10-01")


def test_a_year_that_is_not_judged_on_the_day() -> None:
    """The review of 2018 is recorded; in 2020 only that of 2019 can be late."""
    sent = [{"year": 2018, "day": "2018-10-01", "channel": "email"}]
    page = _page("", "2020-06-01", reviews=sent)
    assert "Does not apply on that day: The rep sends the review of each year" in page
    assert "othing recorded that it is about" not in page
