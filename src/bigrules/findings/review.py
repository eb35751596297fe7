"""Filling in the pack of a year: what review.yaml asks for, from a case and from what was found of it.

What the pack shows of facts is asked as the rules ask, by rules that allow nothing of what is looked for: so
what is not known is told from what is not so, and what there is to do can say where it goes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Literal

import attrs

from bigrules.diagnostics import DataPath, Diagnostic, InputError
from bigrules.facts import calendar
from bigrules.facts.case import BY_NOW, UNKNOWN, Case
from bigrules.findings import wording
from bigrules.findings.basis import OPEN, Report, worst
from bigrules.findings.derive import Deriver
from bigrules.findings.evidence_words import Telling
from bigrules.findings.explain import Explainer
from bigrules.findings.formulas import atoms
from bigrules.findings.lookups import Lookup, Lookups
from bigrules.findings.names import PERSON, NameMode, Names
from bigrules.findings.pack import Pack, PackCell, PackFinding, PackMember, PackQuestion, State, ToDo
from bigrules.findings.questions import Questions
from bigrules.findings.report import Finding, Outcome
from bigrules.findings.solve import Solution
from bigrules.language.model import Const, Formula, Rulebook, Type
from bigrules.language.pack import Review, ReviewItem, Way
from bigrules.language.shown import ShowMeasure, ShowProfile
from bigrules.program.formulas import fixed

NOT_KNOWN: dict[State, str] = {
    "unknown": "not known", "judgement": "for people to decide", "missing": "missing", "given": "",
}  # fmt: skip
# So many places, and so many questions, are named in one line.
MOST_NAMED = 3
# Of so many at the most is it said each by each that a rule is open for them: each two of many may be.
MOST_OPEN = 12
NEW_ROW = ", a new row"
MEMBERS = "review.yaml members"
OUTSIDER = "somebody who is not a member"


def fill_in(
    report: Report, year: int, names: NameMode = "full", texts: bool | None = None, confirm: bool = False
) -> Pack:
    """Fill in the pack of a year.

    Args:
        report: What was found of the case.
        year: The year.
        names: How much of the names of people is shown; `ids` for those of the JSON form.
        texts: Whether what people wrote freely is shown; None where names are shown in full.
        confirm: Whether the second engine has to find the same of what is looked up for it.

    Raises:
        EnginesDisagree: The engines found something different.
        InputError: The rulebook describes no review.
    """
    review = report.basis.rulebook.review
    if review is None:
        raise InputError([no_review(report.basis.rulebook)])
    filler = _Filler(report, review, year, names, names == "full" if texts is None else texts)
    if confirm:
        filler.held.confirm()
    return filler.pack()


def _some(things: list[str]) -> str:
    """Things in a row; of many only the first, and how many more there are."""
    if len(things) <= MOST_OPEN:
        return wording.listed(things)
    return wording.listed([*things[:MOST_NAMED], f"{len(things) - MOST_NAMED} more"])


def no_review(book: Rulebook) -> Diagnostic:
    """What is said of a rulebook that describes no review."""
    help = "add `review.yaml` to it, which says what the pack of a year holds"
    return Diagnostic("BR520", "no-review", f"`{book.name}` describes no review", DataPath(book.path), help)


class _Filler:
    """Fills in one pack; arguments as for `fill_in`."""

    def __init__(self, report: Report, review: Review, year: int, names: NameMode, texts: bool) -> None:
        self.report, self.review, self.year, self.mode = report, review, year, names
        self.case: Case = report.basis.case
        self.book: Rulebook = report.basis.rulebook
        # Free text may name people, so that it is hidden with names unless it is asked for.
        self.words = attrs.evolve(report.basis.names(names), mode="full" if texts else names)
        # What there is to do, and where, with the members for whom it is.
        self.to_do: dict[tuple[str, str], list[str]] = {}
        # The name under which each way is looked up.
        self.ways: dict[int, str] = {}
        self.held = Lookups(self.book, self.case, self.lookups(), names)
        self.who = dict(self.members())
        self.explainers: dict[frozenset[str], Explainer] = {}
        self.hidden = self.hiding()

    def pack(self) -> Pack:
        """The pack."""
        review = self.review
        window = calendar.window(review.window, self.year)
        day = self.case.as_of
        members = tuple(
            PackMember(person, tuple(self.cell(item, person)[0] for item in review.columns), certain)
            for person, certain in self.who.items()
        )
        questions = tuple(self.question(item) for item in review.questions)
        criteria = tuple(self.beside(each) for each in review.criteria)
        known = {where for _, where in self.to_do}
        for found in criteria:
            for text, where in found.asks:
                if where not in known or "," not in where:
                    self.to_do.setdefault((text, where), [])
        needed = self.needed([each.outcome for each in criteria])
        actions = tuple(self.cell(item, needed=needed == "yes")[0] for item in review.actions)
        return Pack(
            title=review.title,
            body=self.case.name or self.book.body,
            year=self.year,
            window=window,
            state="not open yet" if day < window[0] else "closed" if day > window[1] else "open",
            review=review,
            members=members,
            questions=questions,
            criteria=criteria,
            needed=needed,
            actions=actions,
            sent=self.sent(),
            was_sent=self.was_sent(),
            sending=tuple(self.beside(each) for each in (review.sent.beside if review.sent else ())),
            missing=tuple(self.done(*each) for each in self.to_do.items()),
            report=self.report,
        )

    def hiding(self) -> Names:
        """What things are called; the pack is sent to others, so that it names nobody but members."""
        shown = self.words.shown
        if self.mode != "ids":
            shown = {
                thing: OUTSIDER if thing[0] == PERSON and thing[1] not in self.who else word
                for thing, word in shown.items()
            }
        return attrs.evolve(self.words, shown=shown)

    def explainer(self, rule: str) -> Explainer:
        """Explains what was found for a rule."""
        basis = self.report.basis
        evaluations = basis.evaluations()
        group = evaluations.group(rule)
        if group not in self.explainers:
            deriver = Deriver(self.book, self.case, evaluations.of(rule), self.hidden, basis.outcomes)
            self.explainers[group] = Explainer(deriver)
        return self.explainers[group]

    def needed(self, criteria: Sequence[Outcome]) -> Literal["yes", "no", "open"]:
        """Whether it has to be told what will be done."""
        said = self.report[self.review.actions_rule].outcome if self.review.actions_rule else None
        if Outcome.BREACHED in criteria or said in (Outcome.BREACHED, Outcome.MET):
            return "yes"
        if said in OPEN or (said is None and any(each in OPEN for each in criteria)):
            return "open"
        return "no"

    def members(self) -> list[tuple[str, bool]]:
        """Everybody who is a member, or may be, in the order of the register."""
        found: dict[str, bool] = {}
        for each in self.held.solutions(MEMBERS, {}):
            person = str(each.binding[self.review.person])
            found[person] = found.get(person, False) or each.certain
        order: dict[object, int] = {}
        lists = {kind.name for kind in self.book.vocabulary.kinds.values() if kind.lists}
        for fact in sorted(self.case.facts, key=lambda one: one.kind not in lists):
            order.setdefault(fact.values[0], len(order))
        return sorted(found.items(), key=lambda one: (order.get(one[0], len(order)), one[0]))

    def question(self, item: ReviewItem) -> PackQuestion:
        """A question, the answer to it, and what was found of what it is about."""
        cell, answer = self.cell(item)
        beside = tuple(self.beside(each) for each in item.beside)
        breached = [each for each in beside if each.outcome is Outcome.BREACHED]
        said: list[str] = []
        if answer == "yes":
            said = [f"The answer is yes, and this is breached: “{each.title}”." for each in breached]
        elif answer == "no" and beside and not breached and not any(each.outcome in OPEN for each in beside):
            said = ["The answer is no, and nothing that was found here is breached or open."]
        return PackQuestion(item.label, answer, cell, beside, tuple(said))

    def sent(self) -> tuple[str, ...]:
        """Each time that the pack was sent, in words."""
        told: dict[str, None] = {}
        for way in self.review.sent.ways if self.review.sent else ():
            solutions = self.solutions(way, {})
            told.update({self.shown(way, [each]): None for each in solutions if each.certain})
            told.update(dict.fromkeys(self.perhaps([(way, None)], {}) if not told else ()))
        return tuple(each for each in told if each)

    def was_sent(self) -> State:
        """Whether the pack was sent at all."""
        for way in self.review.sent.ways if self.review.sent else ():
            found = self.finding(way)
            if found is not None and found.outcome is not Outcome.MET:
                return "given" if found.outcome is Outcome.BREACHED else "unknown"
        return "missing"

    def beside(self, rule: str) -> PackFinding:
        """What was found by a rule; of rules about a year, what was found for this one."""
        model = self.book.rules[rule]
        findings = [
            each
            for each in self.report[rule].findings
            if all(value == self.year for slot, value in each.subject if slot == self.review.slot)
        ]
        said: list[str] = []
        asks: list[tuple[str, str]] = []
        evidence: list[tuple[str, tuple[str, ...]]] = []
        open_for: list[str] = []
        for each in findings:
            if each.outcome is Outcome.NOT_APPLICABLE:
                continue
            explainer = self.explainer(rule)
            told = explainer.explain(each)
            about = [told.subject] if told.subject and self.review.slot not in model.subject else []
            evidence += self.evidence(each)
            parts = [f"figures: {one}" for one in told.figures]
            if each.outcome is Outcome.BREACHED and told.concerned and told.concerned != ((told.subject,),):
                groups = [wording.listed(one) for one in told.concerned]
                parts.append(f"concerned: {'; '.join(groups)}")
            if parts or (about and each.outcome is Outcome.BREACHED):
                said.append(wording.sentence("; ".join([*about, *parts])))
            answers = zip(told.recorded, told.answers, strict=True)
            said += [text for answer, text in answers if answer.question == rule]
            if each.outcome in OPEN:
                open_for += about
                asks += self.asked(each, Questions(explainer.deriver))
        if open_for:
            said.append(wording.sentence(f"open for {_some(list(dict.fromkeys(open_for)))}"))
        unique = (tuple(dict.fromkeys(said)), tuple(dict.fromkeys(asks)), tuple(dict.fromkeys(evidence)))
        return PackFinding(rule, model.title, worst(findings), *unique)

    def evidence(self, finding: Finding) -> list[tuple[str, tuple[str, ...]]]:
        """The profiles and figures that go with a finding; listings may name others, and small counts too."""
        rule = self.book.rules[finding.rule]
        if not any(isinstance(each, ShowProfile | ShowMeasure) for each in rule.show):
            return []
        gathering = self.report.basis.gathering(finding.rule)
        telling = Telling(rule, gathering.deriver("none"), small_counts=False)
        told = [
            telling.told(each, show, finding)
            for show, each in gathering.of(finding)
            if isinstance(show, ShowProfile | ShowMeasure)
        ]
        return [(each.lead, each.lines) for each in told]

    # ------------------------------------------------------------ what holds

    def lookups(self) -> dict[str, Lookup]:
        """Everything that is looked up for the pack."""
        review, year = self.review, self.year
        each = fixed(review.each, review.slot, year)
        found = {MEMBERS: Lookup(each, review.types, place=review.place)}
        sent = (review.sent,) if review.sent else ()
        for item in (*review.columns, *review.questions, *review.actions, *sent):
            for way in item.ways:
                self.ways[id(way)] = name = f"review.yaml {len(found)}"
                lookup = Lookup(fixed(way.when, review.slot, year), way.types, place=way.place)
                if item in review.columns:
                    lookup = attrs.evolve(lookup, given=each, subject=review.person)
                found[name] = lookup
        return found

    def finding(self, way: Way, person: str | None = None) -> Finding | None:
        """What was found for a way."""
        return self.held.finding(self.ways[id(way)], person)

    def solutions(self, way: Way, binding: Mapping[str, object]) -> list[Solution]:
        """In which ways it is so, or may be."""
        return self.held.solutions(self.ways[id(way)], binding)

    def when(self, way: Way) -> Formula:
        """The condition of a way, in the year."""
        return self.held.lookups[self.ways[id(way)]].condition

    # ------------------------------------------------------------ one place of the pack

    def cell(self, item: ReviewItem, person: str | None = None, needed: bool = True) -> tuple[PackCell, str]:
        """What is shown in one place, and the answer that it is; what is missing is noted."""
        around: dict[str, object] = {} if person is None else {self.review.person: person}
        if not item.ways:
            told = [self.filled(each, around) for each in item.shows]
            return PackCell(item.label, "; ".join(each for each in told if each)), ""
        open_: list[tuple[Way, Finding | None]] = []
        for way in item.ways:
            found = self.finding(way, person)
            solutions = self.solutions(way, around)
            certain = [each for each in solutions if each.certain]
            texts = {self.shown(way, [each]) for each in certain or solutions}
            if certain or (found is not None and found.outcome is Outcome.BREACHED and len(texts) <= 1):
                state: State = "missing" if way.missing else "given"
                if way.missing:
                    self.note(way.missing, person, self.rows(item))
                text, notes = self.shown(way, certain or solutions), self.perhaps(open_, around)
                return PackCell(item.label, text, state, notes), way.answer
            if solutions or (found is not None and found.outcome in OPEN):
                open_.append((way, found))
        findings = [each for _, each in open_ if each is not None]
        state = "unknown" if open_ else "missing"
        if findings and all(each.outcome is Outcome.JUDGEMENT for each in findings):
            state = "judgement"
        asked = (self.asked(each, Questions(self.held.deriver(each.rule))) for each in findings)
        questions = list(dict.fromkeys(one for each in asked for one in each))
        if item.missing and needed:
            self.note(item.missing, person, [where for _, where in questions] or self.rows(item))
        notes = tuple(text for text, _ in questions) if state == "judgement" else ()
        return PackCell(item.label, NOT_KNOWN[state], state, notes), ""

    def shown(self, way: Way, solutions: Iterable[Solution]) -> str:
        """What a way shows; texts of which something is not known are left out."""
        told: dict[str, None] = {}
        for each in solutions:
            texts = [self.filled(one, each.binding, (each,), way.types) for one in way.shows]
            told.setdefault("; ".join(one for one in texts if one))
        return wording.listed(one for one in told if one)

    def perhaps(
        self, open_: Iterable[tuple[Way, Finding | None]], around: Mapping[str, object]
    ) -> tuple[str, ...]:
        """What may be so beside what is shown, where it is known what that would be."""
        told: dict[str, None] = {}
        for way, _ in open_:
            shown = {self.shown(way, [each]) for each in self.solutions(way, around)}
            if len(shown) == 1:
                told.update({f"perhaps {each}": None for each in shown if each})
        return tuple(told)

    def filled(
        self,
        text: str,
        binding: Mapping[str, object],
        solutions: Iterable[Solution] = (),
        types: Mapping[str, Type] | None = None,
    ) -> str | None:
        """A text with its slots filled, or None where one of them is not known."""
        words = {self.review.slot: str(self.year)}
        fields: dict[str, tuple[Type | None, object]] = {}
        for step in (step for each in solutions for step in each.steps):
            if step.entry is not None and step.entry.fact is not None:
                fact = self.case.facts[step.entry.fact]
                kind = self.book.vocabulary.kinds[fact.kind]
                for field, held in zip(kind.fields, fact.values, strict=True):
                    fields.setdefault(field.name, (field.type, held))
        for slot in wording.slots_of(text):
            if slot == self.review.slot:
                continue
            bound = ((types or self.review.types).get(slot), binding[slot]) if slot in binding else None
            type_, value = bound or fields.get(slot, (None, None))
            if value is None or value is UNKNOWN or value is BY_NOW:
                return None
            words[slot] = self.words.of(type_, value)
        return wording.fill(text, words)

    # ------------------------------------------------------------ what there is to do

    def note(self, text: str, person: str | None, places: Iterable[str]) -> None:
        """Note something that there is to do."""
        where = wording.listed(list(dict.fromkeys(each for each in places if each))[:MOST_NAMED], "or")
        for_whom = self.to_do.setdefault((text, where), [])
        if person is not None and person not in for_whom:
            for_whom.append(person)

    def done(self, what: tuple[str, str], people: Sequence[str]) -> ToDo:
        """What there is to do, with the members for whom it is in one line."""
        text, where = what
        words = {self.review.slot: str(self.year)}
        if people:
            said = wording.listed(self.words.person(each) for each in people)
            words[self.review.person] = said if len(people) == 1 else f"each of {said}"
            if len(people) > 1 and where.endswith(NEW_ROW):
                where += " for each"
        return ToDo(wording.sentence(wording.fill(text, words)), where, tuple(people))

    def asked(self, finding: Finding, asking: Questions) -> list[tuple[str, str]]:
        """What has to be known or decided, and where it goes."""
        told: dict[tuple[str, str], None] = {}
        for missing in asking.worth_asking(finding):
            question = asking.question(missing)
            where = question.where
            if missing.sort == "field" and missing.place is not None:
                where = f"{where or missing.kind}, under “{missing.field}”"
            elif missing.kind in self.book.vocabulary.kinds and (not where or missing.sort == "list"):
                asked = missing.kind in self.case.asked
                where = missing.kind + (NEW_ROW if asked else ", not filled in so far")
            told.setdefault((question.text, where))
        return list(told)

    def rows(self, item: ReviewItem) -> list[str]:
        """Where something goes that is not there: into the row that is about it, else into a new one."""
        kinds = self.book.vocabulary.kinds
        for atom in (atom for way in item.ways for atom in atoms(self.when(way)) if atom.predicate in kinds):
            kind = kinds[atom.predicate]
            fixed_ = {
                field.name: term.value
                for field, term in zip(kind.fields, atom.terms, strict=True)
                if isinstance(term, Const)
            }
            for fact in self.case.facts if kind.key and fixed_.keys() >= set(kind.key) else ():
                held = dict(zip((each.name for each in kind.fields), fact.values, strict=False))
                if fact.kind == kind.name and all(held[each] == fixed_[each] for each in kind.key):
                    return [wording.where_from(fact.place, fact.kind) or kind.name]
            return [kind.name + NEW_ROW]
        return []
