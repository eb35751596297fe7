"""Evidence: what is taken, over all that is not known, and that it is taken only when somebody asks."""

from __future__ import annotations

import pickle
from fractions import Fraction
from pathlib import Path
from typing import Any

import attrs
import pytest

import bigrules
from bigrules.findings.evidence import Contradiction, FoundElsewhere, Gathering, Instance, Listed, Measured
from bigrules.findings.profile import Count, Profile
from bigrules.findings.report import Finding, Outcome

from .society import PLOTS, members, report, rulebook
from .test_written import book_with

SIBLINGS = [{"person": "Ann", "other": "Bob", "kind": "siblings"}]
EXAMPLE = Path(__file__).parents[2] / "examples" / "riverside.xlsx"


@pytest.fixture(scope="module")
def plots() -> bigrules.Report:
    """The report on the register that is not all known."""
    return report(PLOTS)


def finding(made: bigrules.Report, rule: str, number: int = 0) -> Finding:
    return made[f"rules/{rule}"].findings[number]


def counts(profile: Profile, name: str) -> dict[str, tuple[int, int | None]]:
    """The groups of a characteristic with their counts; "" for those of whom it is not known."""
    (found,) = [each for each in profile.characteristics if each.name == name]
    made = {each.name: (each.count.least, each.count.greatest) for each in found.groups}
    return {**made, "": (found.not_known.least, found.not_known.greatest)}


# ---------------------------------------------------------------- profiles


def test_a_profile_counts_members_beside_the_area(plots: bigrules.Report) -> None:
    """Four are members, Eve may be one, Flo is one no longer. Dan and Eve gave no answers."""
    profile, _ = finding(plots, "open-to-all").evidence
    assert isinstance(profile, Profile)
    assert profile.count == Count(4, 5)
    # Bob writes `25  To 44`, which is no other group; Flo does not count.
    assert counts(profile, "age band") == {
        "25 to 44": (2, 2),
        "45 to 64": (0, 0),
        "65 and over": (1, 1),
        "": (1, 2),
    }
    assert counts(profile, "gender") == {"woman": (1, 1), "prefers not to say": (1, 1), "": (2, 3)}
    ages, genders = profile.characteristics
    percents = [(each.name, each.percent, each.of_the_area) for each in (*ages.groups, *genders.groups)]
    assert percents == [
        ("25 to 44", Fraction(63, 2), True),
        ("45 to 64", Fraction(27), True),
        ("65 and over", None, True),
        ("woman", Fraction(51), True),
        ("prefers not to say", None, False),
    ]


def test_of_lists_that_were_not_asked_nothing_is_known() -> None:
    """No answers and no area: all are not known, and it says which lists were not asked."""
    profile, _ = finding(report(members("Ann", "Bob")), "open-to-all").evidence
    assert isinstance(profile, Profile)
    assert (profile.count, profile.not_asked) == (Count(2, 2), ("profiles", "area profile"))
    assert counts(profile, "gender") == {"": (2, 2)}


def test_members_whom_no_record_names_are_not_known() -> None:
    """Members were not asked: any number of them, and of each of them nothing is known."""
    profile, share = finding(report({"people": [{"person": "Ann"}]}), "open-to-all").evidence
    assert isinstance(profile, Profile) and isinstance(share, Measured)
    assert profile.count == Count(0, None)
    assert counts(profile, "gender")[""] == (0, None)
    assert (share.figure.least, share.figure.greatest, share.figure.of_greatest) == (0, 1, None)


def test_two_answers_of_one_person_are_not_known() -> None:
    """Where the rows of a person contradict each other, it is not known which is right."""
    book = rulebook().model
    kinds = dict(book.vocabulary.kinds)
    kinds["profiles"] = attrs.evolve(kinds["profiles"], key=())
    several = bigrules.Rulebook(attrs.evolve(book, vocabulary=attrs.evolve(book.vocabulary, kinds=kinds)))
    rows = [{"person": "Ann", "gender": "woman"}, {"person": "Ann", "gender": "man"}]
    rows += [{"person": "Bob", "gender": "man"}, {"person": "Bob", "gender": " Man"}]
    made = several.check(several.read(members("Ann", "Bob", profiles=rows), as_of="2018-06-01"))
    profile, _ = finding(made, "open-to-all").evidence
    assert isinstance(profile, Profile)
    assert counts(profile, "gender") == {"man": (1, 1), "": (1, 1)}


def test_what_only_may_be_recorded_is_not_known() -> None:
    """A row that is not certain says nothing of whom it is about, nor of the area."""
    rows = [{"person": "Ann", "gender": "woman", "certain": "no"}, {"person": "Bob", "gender": "man"}]
    area = [
        {"characteristic": "gender", "group": "woman", "percent": 51, "certain": "no"},
        {"characteristic": "gender", "group": "man", "percent": 49},
    ]
    made = report(members("Ann", "Bob", profiles=rows, **{"area profile": area}))
    profile, _ = finding(made, "open-to-all").evidence
    assert isinstance(profile, Profile)
    assert counts(profile, "gender") == {"man": (1, 1), "": (1, 1)}


# ---------------------------------------------------------------- figures


def test_a_figure_over_what_is_not_known_has_bounds(plots: bigrules.Report) -> None:
    """Ann and Cara live near by; of Dan and Eve it is not known, and Eve need not be a member."""
    _, share = finding(plots, "open-to-all").evidence
    assert isinstance(share, Measured)
    assert share.says == "Members who live near by"
    # The least: 2 of 5. The greatest: Dan and Eve too, 4 of 5; without Eve it is 3 of 4.
    assert (share.figure.least, share.figure.greatest) == (Fraction(2, 5), Fraction(4, 5))
    assert (share.figure.of_least, share.figure.of_greatest) == (4, 5)
    assert (share.figure.op, share.figure.bound, share.figure.text) == ("", None, "")


def test_a_figure_of_nobody() -> None:
    _, share = finding(report(members()), "open-to-all").evidence
    assert isinstance(share, Measured)
    assert (share.figure.least, share.figure.greatest) == (None, None)


def test_a_figure_for_each_of_several(plots: bigrules.Report) -> None:
    """Each pair has its own: here how many decisions there are, of which one has no day and may not be yet."""
    pairs = plots["rules/care-about-pairs"].findings
    assert [dict(each.subject) for each in pairs] == [
        {"person": "Ann Example", "other": "Bob Sample"},
        {"person": "Ann Example", "other": "Cara Specimen"},
    ]
    for each in pairs:
        (figure,) = each.evidence
        assert isinstance(figure, Measured)
        assert (figure.figure.least, figure.figure.greatest) == (3, 4)


# ---------------------------------------------------------------- listings


def test_a_listing_tells_what_is_certain_from_what_may_be(plots: bigrules.Report) -> None:
    """Others took the roof decision alone. Who decided on the hedge is not known, nor when the gate was."""
    listed, figure, _ = finding(plots, "runs-itself").evidence
    assert isinstance(listed, Listed) and isinstance(figure, Measured)
    assert [(each.binding, each.certain) for each in listed.found] == [
        ((("decision", "new roof"),), True),
        ((("decision", "hedge"),), False),
        ((("decision", "old gate"),), False),
    ]
    assert (listed.not_asked, listed.incomplete) == ((), ())
    assert (figure.figure.least, figure.figure.greatest) == (4, 5)


def test_a_listing_says_which_lists_may_hold_more() -> None:
    listed, *_ = finding(report(members("Ann")), "runs-itself").evidence
    assert listed == Listed("Decisions that others took alone", (), ("decisions",), ())
    partly = members("Ann", decisions=[], incomplete=[{"kind": "decisions"}])
    listed, *_ = finding(report(partly), "runs-itself").evidence
    assert listed == Listed("Decisions that others took alone", (), (), ("decisions",))


def test_a_listing_says_how_many_there_are_and_may_be(plots: bigrules.Report) -> None:
    """Of three decisions one is certain; of a list that is not complete there may be any number."""
    runs = finding(plots, "runs-itself")
    told = plots.explain(runs).shown[0]
    assert told.sentences() == (
        "Decisions that others took alone (1 to 3):",
        "New roof was taken by others alone.",
        "It may be that hedge was taken by others alone.",
        "It may be that old gate was taken by others alone.",
    )
    assert told.brief == "Decisions that others took alone: 1 to 3."
    decisions = [{"decision": "shed", "day": "2018-05-01", "taken by": "others alone"}]
    register = members("Ann", decisions=decisions, incomplete=[{"kind": "decisions"}])
    told = finding(report(register), "runs-itself").why().shown[0]
    assert told.brief == "Decisions that others took alone: 1 or more."
    assert told.sentences() == (
        "Decisions that others took alone (1 or more):",
        "Shed was taken by others alone.",
        "Perhaps not all is recorded: decisions.",
    )


def listing(folder: Path, each: str, register: dict[str, Any]) -> Listed:
    """What a rule lists that has nothing else."""
    book = bigrules.load_rulebook(book_with(folder, f"ask: Is it so?\nshow: {{says: Who, each: {each}}}\n"))
    made = book.check(book.read(register, as_of="2018-06-01"))
    (found,) = made["rules/more"].findings[0].evidence
    assert isinstance(found, Listed)
    return found


def test_two_are_listed_once_whichever_way_round(tmp_path: Path) -> None:
    """Related are they in both directions, and told of once."""
    found = listing(tmp_path, "<person> and <other> are related", members("Ann", "Bob", kin=SIBLINGS))
    assert found.found == (Instance((("person", "Ann"), ("other", "Bob"))),)


def test_a_listing_names_nobody_whom_no_record_names(tmp_path: Path) -> None:
    """Ann has a brother or sister who is not known: it may be Bob, and nobody is made up."""
    kin = [{"person": "Ann", "other": "?", "kind": "siblings"}]
    found = listing(tmp_path, "<person> and <other> are related", members("Ann", "Bob", kin=kin))
    assert found.found == (Instance((("person", "Ann"), ("other", "Bob")), False),)


def test_what_only_a_list_that_was_not_asked_could_hold_is_not_listed(tmp_path: Path) -> None:
    """Anybody may be a member then: it says that the list was not asked."""
    register = {"people": [{"person": "Ann"}, {"person": "Bob"}]}
    assert listing(tmp_path, "<person> is a member", register) == Listed("Who", (), ("memberships",), ())


def test_a_listing_is_of_what_the_finding_is_about(plots: bigrules.Report) -> None:
    """Beside each decision stands what is known of it, and nothing of the others."""
    found = {}
    for each in plots["rules/each-decision"].findings:
        (listed,) = each.evidence
        assert isinstance(listed, Listed)
        found[dict(each.subject)["decision"]] = [one.certain for one in listed.found]
    assert found == {"new roof": [True], "hedge": [False], "path": [], "old gate": [False]}


# ---------------------------------------------------------------- findings of other rules


@pytest.mark.parametrize(
    ("answer", "kin", "expected"),
    [
        ("yes", SIBLINGS, (Contradiction("yes", False, ("rules/no-relatives",)),)),
        ("yes", [], ()),
        ("no", SIBLINGS, ()),
        ("no", [], (Contradiction("no", False, ("rules/no-relatives", "rules/at-least-two")),)),
        ("?", SIBLINGS, ()),
        ("?", [], ()),
        # Whether they are close relatives is for people: nothing is found that contradicts anybody.
        ("no", [{"person": "Ann", "other": "Bob", "kind": "cousins"}], ()),
        ("yes", [{"person": "Ann", "other": "Bob", "kind": "cousins"}], ()),
    ],
)
def test_what_is_said_and_what_is_found(answer: str, kin: Any, expected: tuple[Contradiction, ...]) -> None:
    """Said to be well and breached, or said not to be and all met: that is a contradiction, nothing else is."""
    register = members("Ann", "Bob", kin=kin, **{"yearly answers": [{"year": 2018, "answer": answer}]})
    made = report(register)
    (found,) = finding(made, "answered-each-year").evidence
    assert isinstance(found, FoundElsewhere)
    assert found.contradictions == expected
    assert found.said == ((answer,) if answer != "?" else ())
    assert found.outcomes == tuple(
        (each, made[each].outcome) for each in ("rules/no-relatives", "rules/at-least-two")
    )
    assert [each for _, each in made.contradictions] == list(expected)


@pytest.mark.parametrize(
    ("answer", "kin", "contradicted"),
    [("yes", SIBLINGS, True), ("yes", [], False), ("no", SIBLINGS, False), ("no", [], False)],
)
def test_a_recorded_answer_and_what_is_found(answer: str, kin: Any, contradicted: bool) -> None:
    """Whoever answers yes to a question whose evidence is a breach is contradicted; a no may have other reasons."""
    answers = [{"question": "rules/runs-itself", "answer": answer, "when": "2018-05-01"}]
    made = report(members("Ann", "Bob", kin=kin, answers=answers))
    *_, found = finding(made, "runs-itself").evidence
    assert isinstance(found, FoundElsewhere)
    expected = (Contradiction("yes", True, ("rules/no-relatives",)),)
    assert found.contradictions == (expected if contradicted else ())


def test_an_answer_that_is_asked_again_contradicts_nothing() -> None:
    """What is too old is not held against anybody."""
    made = {}
    for when in ("2017-11-30", "2018-03-01"):
        answers = [{"question": "rules/books-are-kept", "answer": "yes", "when": when}]
        made[when] = report(members("Ann", answers=answers)).contradictions
    assert made["2017-11-30"] == ()
    assert [(each.rule, one.rules) for each, one in made["2018-03-01"]] == [
        ("rules/books-are-kept", ("rules/at-least-two",))
    ]


def test_what_reads_too_much_that_is_not_known_is_not_settled(tmp_path: Path) -> None:
    """Of 300 people any may be related to any other: nothing is certain, where less is."""
    among = "[<person> and <other> are recorded as <any kind>, <other> is a member]"
    alone = "[<person> is a member, {unless: [<person> and <other> are recorded as <any kind>, <other> is a member]}]"
    body = (
        "ask: Is it so?\nshow:\n"
        f"  - {{says: Related, number of: <person>, among: {among}}}\n"
        f"  - {{says: Alone, each: {alone}}}\n"
        f"  - {{profile of: <person>, among: {alone}, from: profiles, by: gender}}\n"
        "  - {says: Members, number of: <person>, among: <person> is a member}\n"
    )
    book = bigrules.load_rulebook(book_with(tmp_path, body))
    for number in (3, 300):
        names = [f"P{each}" for each in range(number)]
        made = book.check(book.read(members(*names, profiles=[]), as_of="2018-06-01"))
        finding = made["rules/more"].findings[0]
        related, listed, profile, everyone = finding.evidence
        assert isinstance(related, Measured) and isinstance(everyone, Measured)
        assert isinstance(listed, Listed) and isinstance(profile, Profile)
        assert (related.settled, everyone.settled) == (number == 3, True)
        assert (everyone.figure.least, everyone.figure.greatest) == (number, number)
        # Kin were not asked: anybody may have some, however many people there are.
        assert [each.certain for each in listed.found] == [False] * number
        assert profile.count.least == 0 and (profile.count.greatest is None) == (number == 300)
        told = finding.why().shown[0].lead
        settled = (
            "Related: 0 or more." if number == 3 else "Related: too much is not known for this to be settled."
        )
        assert told == settled


# ---------------------------------------------------------------- what it costs, and what it changes


def test_nothing_is_gathered_until_somebody_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever wants outcomes only pays nothing; nor do explanations of rules that show nothing."""
    made: list[str] = []
    real = Gathering.__init__

    def noted(self: Gathering, book: Any, rule: str, *rest: Any, **further: Any) -> None:
        made.append(rule)
        real(self, book, rule, *rest, **further)

    monkeypatch.setattr(Gathering, "__init__", noted)
    found = report(PLOTS)
    assert [each.outcome for each in found.findings]
    assert finding(found, "no-relatives").why().evidence == ()
    assert finding(found, "no-relatives").evidence == ()
    assert made == []
    assert finding(found, "runs-itself").evidence == finding(found, "runs-itself").evidence
    assert finding(found, "runs-itself").why().evidence == finding(found, "runs-itself").evidence
    assert made == ["rules/runs-itself"]


def test_only_a_finding_of_a_report_has_evidence() -> None:
    with pytest.raises(ValueError, match="only a finding of a report has evidence"):
        _ = Finding("rules/runs-itself", (), Outcome.MET).evidence


def test_evidence_is_frozen_and_pickles(plots: bigrules.Report) -> None:
    """Alone, and gathered again from a report that was sent elsewhere."""
    for number, rule in enumerate(("open-to-all", "runs-itself", "care-about-pairs")):
        evidence = finding(plots, rule).evidence
        assert pickle.loads(pickle.dumps(evidence)) == evidence
        assert all(hash(each) == hash(pickle.loads(pickle.dumps(each))) for each in evidence), number
        with pytest.raises(attrs.exceptions.FrozenInstanceError):
            evidence[0].says = "x"  # type: ignore[misc, union-attr]
    sent = pickle.loads(pickle.dumps(plots))
    for one, other in zip(plots.findings, sent.findings, strict=True):
        assert one.evidence == other.evidence
    assert sent.contradictions == plots.contradictions


def without_evidence(book: bigrules.Rulebook) -> bigrules.Rulebook:
    rules = {id: attrs.evolve(each, show=()) for id, each in book.model.rules.items()}
    return bigrules.Rulebook(attrs.evolve(book.model, rules=rules))


@pytest.mark.parametrize("which", ["society", "shipped"])
def test_evidence_changes_no_finding(which: str) -> None:
    """With it and without it all findings are the same."""
    book = rulebook() if which == "society" else bigrules.load_rulebook()
    case = book.read(PLOTS if which == "society" else EXAMPLE, as_of="2018-06-01")
    assert any(each.show for each in book.model.rules.values())
    with_it, without = book.check(case), without_evidence(book).check(case)
    for each in with_it.findings:
        assert each.evidence is not None
    assert with_it.findings == without.findings
    assert with_it.outcome == without.outcome


@pytest.mark.parametrize("which", ["society", "shipped"])
def test_both_engines_gather_the_same(which: str) -> None:
    """Figures and listings come out the same from the second engine."""
    pytest.importorskip("durable")
    book = rulebook() if which == "society" else bigrules.load_rulebook()
    made = book.check(book.read(PLOTS if which == "society" else EXAMPLE, as_of="2018-06-01"))
    compared = 0
    for rule in made:
        if not book.model.rules[rule.rule].show:
            continue
        second = Gathering(
            made.basis.rulebook, rule.rule, made.basis.case, made.basis.outcomes, engine="durable"
        )
        for each in rule.findings:
            assert tuple(one for _, one in second.of(each)) == each.evidence, rule.rule
            compared += len(each.evidence)
    assert compared == 14 if which == "society" else compared > 40


def test_a_total_of_numbers_that_are_not_known_has_no_greatest(tmp_path: Path) -> None:
    """The numbers that stand for any number are none that somebody has; as it was, it said 2 to some thousands."""
    measure = "among: <person> is a member with <votes> votes"
    body = (
        f"ask: Is it so?\nshow:\n  - {{says: Votes, total of: <votes>, per: <person>, {measure}}}\n"
        f"  - {{says: Most, greatest of: <votes>, per: <person>, {measure}}}\n"
    )
    book = bigrules.load_rulebook(book_with(tmp_path, body))
    register = members("Ann", "Bob")
    for votes, settled in ((3, True), ("?", False)):
        register["memberships"] = [{"person": "Ann", "votes": 2}, {"person": "Bob", "votes": votes}]
        made = book.check(book.read(register, as_of="2018-06-01"))
        total, most = made["rules/more"].findings[0].evidence
        assert isinstance(total, Measured) and isinstance(most, Measured)
        # Votes may be less than nothing here, as far as the vocabulary says.
        assert (total.settled, most.settled) == (settled, settled)
        if settled:
            assert (total.figure.least, total.figure.greatest, most.figure.least) == (5, 5, 3)
