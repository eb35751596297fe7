"""What a finding says to people: the reasons, the figures, what is missing, and what each answer leads to."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Mapping

import attrs

from bigrules.facts.layout import Fresh
from bigrules.findings import wording
from bigrules.findings.derive import (
    Derivation,
    Deriver,
    Reads,
    Solution,
    flat,
    slot_types,
)
from bigrules.findings.report import Figure, Finding, Missing, Outcome
from bigrules.language.model import (
    All,
    AnyOf,
    Atom,
    Exception_,
    Formula,
    Kind,
    Limit,
    Measure,
    NoneOf,
    Rule,
    Slot,
    Type,
)

# More ways than this in which one finding is breached are counted and not written out.
MOST_WITNESSES = 12
MOST_NAMES = 40


@attrs.frozen
class Question:
    """Something that is not known, put as a question.

    Args:
        text: The question.
        answers: Each answer, with the outcome of the finding that it leads to.
        where: Where in the register the gap is, in words, or "".
        for_people: Whether people decide it, and no fact does.
        later: Whether it only comes up once something else is known.
    """

    text: str
    answers: tuple[tuple[str, Outcome], ...] = ()
    where: str = ""
    for_people: bool = False
    later: bool = False


@attrs.frozen
class Explanation:
    """A finding in words.

    Args:
        rule: Id of the rule.
        title: What the rule says.
        clause: The clause that it encodes, by section and place.
        force: How strong it is.
        outcome: The outcome.
        subject: What the finding is about, in words, or "" for the case.
        concerned: Names of the people concerned, a group for each way in which it is breached.
        figures: Measures and what is needed of them.
        reasons: Sentences.
        questions: What is not known and decides it.
        exceptions: Sentences about exceptions, and what would have been found without.
        turns: Sentences about other readings under which it comes out otherwise.
        notes: Anything else, such as that it was too large to be settled.
        derivations: The reasons as trees.
    """

    rule: str
    title: str
    clause: str
    force: str
    outcome: Outcome
    subject: str = ""
    concerned: tuple[tuple[str, ...], ...] = ()
    figures: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()
    questions: tuple[Question, ...] = ()
    exceptions: tuple[str, ...] = ()
    turns: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    derivations: tuple[Derivation, ...] = attrs.field(default=(), repr=False)

    def sentences(self) -> tuple[str, ...]:
        """All of it as sentences, in the order in which one would tell it."""
        about = f" for {self.subject}" if self.subject else ""
        told = [f"The rule “{self.title}” is {self.outcome}{about}." if self.outcome is not Outcome.JUDGEMENT
                else f"The rule “{self.title}” is for people to decide{about}."]  # fmt: skip
        told += [f"Concerned: {wording.listed(each)}." for each in self.concerned]
        told += [wording.sentence(each) for each in self.figures]
        told += self.reasons
        told += [" ".join([each.text, *answers_in_words(each.answers)]) for each in self.questions if not each.later]
        return (*told, *self.exceptions, *self.turns, *self.notes)

    def __str__(self) -> str:
        return "\n".join(self.sentences())


def answers_in_words(answers: Iterable[tuple[str, Outcome]]) -> list[str]:
    """What each answer leads to, answers with the same end told together.

    >>> answers_in_words([("yes", Outcome.MET), ("no", Outcome.BREACHED)])
    ['If yes, it is met; if no, it is breached.']
    """
    ends: dict[Outcome, list[str]] = {}
    for answer, outcome in answers:
        ends.setdefault(outcome, []).append(answer)
    if not ends:
        return []
    if len(ends) == 1 and next(iter(ends)) in (Outcome.UNDECIDED, Outcome.JUDGEMENT):
        return ["This alone does not settle it."]
    told = [f"if {wording.listed(each, 'or')}, it is {_outcome(outcome)}" for outcome, each in ends.items()]
    return [wording.sentence("; ".join(told))]


def _outcome(outcome: Outcome) -> str:
    return {
        Outcome.UNDECIDED: "still undecided",
        Outcome.JUDGEMENT: "for people to decide",
    }.get(outcome, str(outcome))


class Explainer:
    """Explains the findings of one evaluation.

    Args:
        deriver: Finds derivations over it.
    """

    def __init__(self, deriver: Deriver) -> None:
        self.deriver = deriver
        self.rulebook = deriver.rulebook
        self.names = deriver.names

    def explain(self, finding: Finding) -> Explanation:
        """A finding in words, with its derivations."""
        rule = self.rulebook.rules[finding.rule]
        subject: dict[str, object] = dict(finding.subject)
        given = self.deriver.first(rule.given, subject) if rule.given is not None else None
        if given is not None:
            subject |= {slot: given.binding[slot] for slot in rule.subject if slot in given.binding}
        reads = self._day(rule, subject)
        derivations, reasons = self._reasons(rule, finding, subject, given)
        return Explanation(
            rule=rule.id,
            title=rule.title,
            clause=wording.clause_in_words(self.rulebook, rule.source),
            force=rule.force,
            outcome=finding.outcome,
            subject=self._subject(rule, finding),
            concerned=self._concerned(finding, certain=True),
            figures=self._figures(rule, finding),
            reasons=tuple(dict.fromkeys(reasons)),
            questions=self._questions(finding),
            exceptions=self._exceptions(rule, finding, subject, reads),
            turns=tuple(
                f"It turns on a reading: as “{each.reading}” has it ({each.file}), it would be {_outcome(each.outcome)}."
                for each in finding.turns
            ),
            notes=self._notes(finding),
            derivations=derivations,
        )

    @staticmethod
    def _day(rule: Rule, binding: Mapping[str, object]) -> Reads:
        day = binding.get(rule.on) if rule.on else None
        return day if isinstance(day, datetime.date) else "now"

    # ------------------------------------------------------------ what it is about

    def _subject(self, rule: Rule, finding: Finding) -> str:
        if finding.further:
            return "what is not recorded"
        parts = []
        for slot, value in finding.subject:
            type_ = rule.types.get(slot)
            said = self.names.of(type_, value)
            parts.append(said if type_ is not None and type_.name == wording.PERSON else f"{slot} {said}")
        return wording.listed(parts)

    def _concerned(self, finding: Finding, certain: bool) -> tuple[tuple[str, ...], ...]:
        groups = [tuple(sorted(self.names.person(each) for each in witness.concerned)) for witness in finding.witnesses
                  if witness.certain is certain and witness.concerned]  # fmt: skip
        return tuple(dict.fromkeys(sorted(groups)))

    def _figures(self, rule: Rule, finding: Finding) -> tuple[str, ...]:
        limits = [each for each in flat(rule.condition) if isinstance(each, Limit)] if rule.condition else []
        told = []
        for figure in finding.figures:
            limit = _limit_of(figure, limits)
            weighted = bool(limit and limit.measure.value and limit.measure.aggregate == "share")
            told.append(wording.figure_in_words(figure, limit.rounding if limit else "", weighted))
        return tuple(dict.fromkeys(told))

    def _notes(self, finding: Finding) -> tuple[str, ...]:
        told = []
        perhaps = self._concerned(finding, certain=False)
        if finding.outcome is Outcome.BREACHED and any(each.certain for each in finding.witnesses):
            told += [f"It may also concern {wording.listed(each)}." for each in perhaps]
        if finding.settled:
            return tuple(told)
        return (*told, "Too much is not known for this to be settled: it may turn out to be met or breached either way.",)

    # ------------------------------------------------------------ reasons

    def _reasons(
        self, rule: Rule, finding: Finding, subject: Mapping[str, object], given: Solution | None
    ) -> tuple[tuple[Derivation, ...], list[str]]:
        made: list[Derivation] = []
        told: list[str] = []
        seen: set[str] = set()
        if rule.given is not None and not finding.further:
            if given is not None and finding.outcome is not Outcome.NOT_APPLICABLE:
                made += self.deriver.of_steps(given)
            elif given is None:
                told.append(wording.sentence(
                    f"there is nothing that this rule is about: {self.deriver.condition(NoneOf(rule.given), subject)}"
                ))  # fmt: skip
        told += narrate(made, seen)
        if finding.outcome is Outcome.NOT_APPLICABLE or rule.condition is None or finding.further:
            return tuple(made), told
        how = self._not_allowed if rule.form == "not allowed" else self._required
        more, said = how(rule, finding, subject, self._day(rule, subject), seen)
        return (*made, *more), told + said

    def _not_allowed(
        self, rule: Rule, finding: Finding, subject: Mapping[str, object], reads: Reads, seen: set[str]
    ) -> tuple[list[Derivation], list[str]]:
        assert rule.condition is not None
        made: list[Derivation] = []
        told: list[str] = []
        witnesses = sorted(finding.witnesses, key=lambda each: (not each.certain, sorted(each.concerned)))
        if finding.outcome is Outcome.BREACHED and any(each.certain for each in witnesses):
            witnesses = [each for each in witnesses if each.certain]
        for witness in witnesses[:MOST_WITNESSES]:
            binding = {**subject, **{slot: value for slot, value in witness.binding if slot}}
            solution = self.deriver.first(rule.condition, binding, self._day(rule, binding))
            if solution is not None:
                steps = self.deriver.of_steps(solution)
                made += steps
                told += narrate(steps, seen)
        if len(witnesses) > MOST_WITNESSES:
            told.append(f"There are {len(witnesses) - MOST_WITNESSES} more like this.")
        if not witnesses:
            told += self._nothing_found(rule.condition, subject, reads)
        return made, told

    def _nothing_found(self, condition: Formula, subject: Mapping[str, object], reads: Reads) -> list[str]:
        """Why a combination that is not allowed was not found: what there is of each of its parts."""
        told = []
        parts = flat(condition)
        for part in parts:
            if not isinstance(part, Atom):
                continue
            solutions = list(self.deriver.solve(part, subject, reads))
            unbound = [slot for slot in wording.slots_of(part.text) if slot not in subject]
            if not solutions:
                told.append(wording.sentence(self.deriver.negative(part, {**subject, **{each: f"any {each}" for each in unbound}})
                            if not unbound else f"nobody and nothing is recorded of whom it holds that "
                            f"{self.deriver.condition(part, subject)}"))  # fmt: skip
                return told
            if len(parts) > 1 and len(solutions) <= 3:
                told += narrate([each for one in solutions for each in self.deriver.of_steps(one)], set(), deep=False)
        if len(parts) > 1:
            told.append("No two or more of these records together make what is not allowed.")
        return told

    def _required(
        self, rule: Rule, finding: Finding, subject: Mapping[str, object], reads: Reads, seen: set[str]
    ) -> tuple[list[Derivation], list[str]]:
        assert rule.condition is not None
        made: list[Derivation] = []
        told: list[str] = []
        for part in flat(rule.condition):
            if isinstance(part, Limit):
                told += self._measure(part, finding, subject, reads)
                continue
            solution = self.deriver.first(part, subject, reads)
            if solution is None:
                told.append(wording.sentence(self._lacking(part, subject)))
            elif finding.outcome is not Outcome.BREACHED or not solution.certain:
                steps = self.deriver.of_steps(solution)
                made += steps
                told += narrate(steps, seen)
        return made, told

    def _lacking(self, part: Formula, binding: Mapping[str, object]) -> str:
        if isinstance(part, Atom):
            return self.deriver.negative(part, binding)
        if isinstance(part, NoneOf):
            return f"it is recorded that {self.deriver.condition(part.part, binding)}"
        if isinstance(part, AnyOf):
            return f"none of these holds: {self.deriver.condition(part, binding)}"
        return f"it does not hold that {self.deriver.condition(part, binding)}"

    # ------------------------------------------------------------ measures

    def _measure(
        self, limit: Limit, finding: Finding, subject: Mapping[str, object], reads: Reads
    ) -> list[str]:
        measure = limit.measure
        if measure.aggregate == "group linked":
            return self._groups(limit, finding, subject, reads)
        counting = All((measure.among, measure.where)) if measure.where is not None else measure.among
        among = self._keys(measure.among, measure.key, subject, reads)
        counted = self._keys(counting, measure.key, subject, reads, measure.where)
        types = slot_types(self.rulebook, All((measure.among,)))
        word = f"{measure.key}"
        told: list[str] = []
        if measure.sharing:
            return self._sharing(limit, finding, counting, subject, reads)
        if measure.where is None:
            told += self._tell("counted", among, types.get(measure.key), word)
            return told
        positive, negative = self._about(measure.where, measure.key)
        told += self._tell(positive, {key: each for key, each in counted.items() if each[0]}, types.get(measure.key), word)
        open_ = {key: each for key, each in counted.items() if not each[0]}
        told += self._tell("not known", open_, types.get(measure.key), word)
        rest = {key: (True, self._beside(measure, key, types.get(measure.key))) for key in among if key not in counted}
        told += self._tell(negative, rest, types.get(measure.key), word)
        return told

    def _beside(self, measure: Measure, key: object, type_: Type | None) -> tuple[str, ...]:
        """Where the register says something else of one who is not counted: the records that `where` reads."""
        assert measure.where is not None
        kinds = self.deriver.kinds_of(measure.where) - self.deriver.kinds_of(measure.among)
        places = []
        for fact in self.deriver.case.facts if type_ is not None else ():
            types = self.rulebook.types(fact.kind)
            if fact.kind in kinds and any(one == type_ and value == key for one, value in zip(types, fact.values, strict=True)):
                places.append(wording.where_from(fact.place, fact.kind))
        return tuple(places)

    def _about(self, where: Formula, key: str) -> tuple[str, str]:
        parts = flat(where)
        if len(parts) == 1 and isinstance(parts[0], Atom):
            atom = parts[0]
            negative = self.deriver.negative(atom, {key: f"<{key}>"})
            return wording.about(atom.text, key), wording.about(negative, key)
        said = self.deriver.condition(where, {})
        return f"of these it holds that {said}", "of these it does not hold"

    def _keys(
        self, formula: Formula, key: str, subject: Mapping[str, object], reads: Reads, shown: Formula | None = None
    ) -> dict[object, tuple[bool, tuple[str, ...]]]:
        """Each key for which a condition holds, whether for certain, and where that (or what is shown) stands."""
        parts = {id(each) for each in flat(shown)} if shown is not None else None
        found: dict[object, tuple[bool, tuple[str, ...]]] = {}
        for solution in self.deriver.solve(formula, subject, reads):
            one = solution.binding.get(key)
            if one not in found or (solution.certain and not found[one][0]):
                steps = tuple(each for each in solution.steps if parts is None or id(each.part) in parts)
                places = tuple(_places(self.deriver.of_steps(attrs.evolve(solution, steps=steps))))
                found[one] = (solution.certain, places)
        return dict(sorted(found.items(), key=lambda each: str(each[0])))

    def _tell(
        self, lead: str, keys: Mapping[object, tuple[bool, tuple[str, ...]]], type_: object, word: str
    ) -> list[str]:
        if not keys:
            return []
        names = sorted(self.names.of(type_, key) for key in keys)  # type: ignore[arg-type]
        places = merged(place for _, where in keys.values() for place in where)
        shown = wording.listed(names) if len(names) <= MOST_NAMES else wording.count(len(names), word)
        return [wording.sentence(f"{lead} ({len(names)}): {shown}" + (f" ({places})" if places else ""))]

    def _sharing(
        self, limit: Limit, finding: Finding, counting: Formula, subject: Mapping[str, object], reads: Reads
    ) -> list[str]:
        measure = limit.measure
        types = slot_types(self.rulebook, All((counting,)))
        groups: dict[object, dict[object, tuple[bool, tuple[str, ...]]]] = {}
        for solution in self.deriver.solve(counting, subject, reads):
            shared, key = solution.binding.get(measure.sharing), solution.binding.get(measure.key)
            group = groups.setdefault(shared, {})
            if key not in group or (solution.certain and not group[key][0]):
                group[key] = (solution.certain, tuple(_places(self.deriver.of_steps(solution))))
        told = []
        for shared, keys in sorted(groups.items(), key=lambda each: (-len(each[1]), str(each[0])))[:MOST_WITNESSES]:
            if len(keys) < 2:
                break
            sure = {key: each for key, each in keys.items() if each[0]}
            lead = f"share {measure.sharing} {self.names.of(types.get(measure.sharing), shared)}"
            told += self._tell(lead, sure, types.get(measure.key), measure.key) if len(sure) > 1 else []
        return told or [f"No two share the same {measure.sharing}."]

    def _groups(
        self, limit: Limit, finding: Finding, subject: Mapping[str, object], reads: Reads
    ) -> list[str]:
        measure = limit.measure
        assert measure.link is not None
        counting = All((measure.among, measure.where)) if measure.where is not None else measure.among
        counted = set(self._keys(counting, measure.key, subject, reads))
        types = slot_types(self.rulebook, counting)
        links: dict[frozenset[object], Solution] = {}
        for solution in self.deriver.solve(measure.link, subject, reads):
            pair = frozenset((solution.binding.get(measure.key), solution.binding.get(measure.other)))
            if len(pair) < 2 or not (measure.through_anyone or pair <= counted):
                continue
            if pair not in links or (solution.certain and not links[pair].certain):
                links[pair] = solution
        told: list[str] = []
        seen: set[str] = set()
        ordered = sorted(links.items(), key=lambda each: (not each[1].certain, sorted(map(str, each[0]))))
        parent: dict[object, object] = {}
        tree: dict[object, list[Solution]] = {}

        def root(one: object) -> object:
            while parent.get(one, one) != one:
                one = parent[one]
            return one

        for pair, solution in ordered:
            a, b = (root(one) for one in sorted(pair, key=str))
            if a != b and (solution.certain or finding.outcome in (Outcome.UNDECIDED, Outcome.JUDGEMENT)):
                parent[b] = a
                tree.setdefault(a, []).extend([*tree.pop(b, []), solution])
        groups: dict[object, list[object]] = {}
        for one in sorted(counted, key=str):
            groups.setdefault(root(one), []).append(one)
        for top, members in sorted(groups.items(), key=lambda each: (-len(each[1]), str(each[0])))[:MOST_WITNESSES]:
            if len(members) < 2:
                break
            names = sorted(self.names.of(types.get(measure.key), one) for one in members)
            told.append(f"{wording.listed(names)} are one group.")
            for solution in tree.get(top, ()):
                told += narrate(self.deriver.of_steps(solution), seen)
        return told or ["No two of those who are counted are linked."]

    # ------------------------------------------------------------ what is missing

    def _questions(self, finding: Finding) -> tuple[Question, ...]:
        facts = any(each.sort != "question" for each in finding.missing)
        made = []
        for missing in finding.missing:
            question = self.question(missing)
            open_ = all(outcome in (Outcome.UNDECIDED, Outcome.JUDGEMENT) for _, outcome in question.answers)
            about_nothing = any(isinstance(value, Fresh) for _, value in missing.subject)
            made.append(attrs.evolve(question, later=facts and question.for_people and (open_ or about_nothing)))
        return tuple(dict.fromkeys(sorted(made, key=lambda each: (each.later, each.for_people))))

    def question(self, missing: Missing) -> Question:
        """Something that is not known, as a question with what each answer leads to."""
        subject = dict(missing.subject)
        type_ = None
        if missing.kind in self.rulebook.vocabulary.kinds:
            kind = self.rulebook.vocabulary.kinds[missing.kind]
            type_ = next((field.type for field in kind.fields if field.name == missing.field), None)
            text = self._of_kind(kind, missing, subject)
        else:
            text = self._of_people(missing, tuple(subject.values()))
        answers = tuple((self._answer(each, type_), outcome) for each, outcome in missing.answers)
        where = wording.where_from(missing.place, missing.kind)
        if missing.sort == "list":
            absent = missing.kind not in self.deriver.case.asked
            where = f"{missing.kind}: {'not in the register' if absent else 'the list is not complete'}"
            answers = tuple((("there is none" if absent else "there is nothing more"), one) for _, one in answers)
        return Question(_asking(text), answers, where, missing.sort == "question")

    def _answer(self, answer: str, type_: Type | None) -> str:
        return self.names.of(type_, answer) if type_ is not None and type_.is_thing else answer

    def _of_people(self, missing: Missing, values: tuple[object, ...]) -> str:
        """The question of a rule or definition, or whether a definition holds."""
        if missing.kind in self.rulebook.definitions:
            definition = self.rulebook.definitions[missing.kind]
            if missing.sort == "question" and definition.ask:
                return self.deriver.question(definition, values)
            return f"is it so that {self.deriver.say(definition.id, values)}"
        rule = self.rulebook.rules[missing.kind]
        words = {slot: self.names.of(rule.types.get(slot), value)
                 for slot, value in zip(rule.subject, values, strict=False)}  # fmt: skip
        return wording.fill(rule.ask or rule.title, words)

    def _of_kind(self, kind: Kind, missing: Missing, subject: Mapping[str, object]) -> str:
        types = {field.name: field.type for field in kind.fields}
        known = {name: value for name, value in subject.items() if value is not None}
        words = {name: self.names.of(types.get(name), value) for name, value in known.items()}

        def said(fixed: tuple[str, str] | None) -> str:
            """A sentence that says the record with what is known of it."""
            for each in sorted(kind.sentences, key=lambda one: (-len(one.fields), -len(one.fixed))):
                fits = all(known.get(name, value) == value for name, value in each.fixed)
                if fits and all(name in known for name in each.fields) and (fixed is None or fixed in each.fixed):
                    slots = zip(wording.slots_of(each.says), each.fields, strict=True)
                    return wording.fill(each.says, {slot: words[name] for slot, name in slots})
            return ""

        of = wording.listed(word for name, word in words.items() if name not in ("from", "until"))
        if missing.sort == "field":
            asks = kind.field(missing.field).asks if missing.field in types else ""
            if asks:
                return wording.fill(asks, words)
            record = said(None)
            if missing.field not in types or missing.field in ("from", "until"):
                lead = {"from": "since when", "until": "until when"}.get(missing.field, "from when until when")
                return f"{lead} is it so that {record}" if record else f"{lead}: {kind.name} of {of}"
            yes = said((missing.field, "yes"))
            return f"is it so that {yes}" if yes else f"what is the {missing.field} of {of or kind.name}"
        if missing.sort == "record":
            record = said(None)
            return f"is it so that {record}" if record else f"is there such a record under {kind.name}: {of}"
        if missing.sort == "future":
            return f"will there still be a record under {kind.name}" + (f" for {of}" if of else "")
        return f"is there anything more under {kind.name} for {of}" if of else kind.asks or f"what are the {kind.name}"

    # ------------------------------------------------------------ exceptions

    def _exceptions(
        self, rule: Rule, finding: Finding, subject: Mapping[str, object], reads: Reads
    ) -> tuple[str, ...]:
        if not finding.exception:
            return ()
        found = _find(rule.exceptions, finding.exception)
        if found is None:
            return ()
        clause = wording.clause_in_words(self.rulebook, (found.source,)) if found.source else ""
        because = f": {found.because}" if found.because else ""
        told = [wording.sentence(f"an exception applies{because}" + (f" ({clause})" if clause else ""))]
        solution = self.deriver.first(found.when, subject, reads)
        if solution is not None:
            told += narrate(self.deriver.of_steps(solution), set())
        if finding.would_be is not None:
            told.append(f"Without it, this would have been {_outcome(finding.would_be)}.")
        return tuple(told)


# ---------------------------------------------------------------- telling


def narrate(derivations: Iterable[Derivation], seen: set[str], deep: bool = True) -> list[str]:
    """Derivations as sentences, each conclusion with its own reasons and none of them twice.

    Args:
        derivations: What is to be told.
        seen: Conclusions that have been told; added to.
        deep: Whether the reasons of reasons are told too.

    >>> fact = Derivation("Ann holds the office of chair", "fact", where="offices, row 2")
    >>> narrate([Derivation("Ann is in a position of power", "definition", because=(fact,))], set())
    ['Ann is in a position of power, because Ann holds the office of chair (offices, row 2).']
    """
    told: list[str] = []
    for each in derivations:
        if each.sort == "match" or each.supposed or each.says in seen:
            continue
        seen.add(each.says)
        premises = _premises(each)
        said = _premise(each)
        if each.sort == "definition" and premises:
            said += f", because {wording.listed([_premise(one, not each.certain, inside=True) for one in premises])}"
        told.append(wording.sentence(said))
        if deep:
            told += narrate([one for one in premises if one.because and not _is_plain(one)], seen)
    return told


def _premises(each: Derivation) -> list[Derivation]:
    return [one for one in each.because if one.sort != "match" and not one.supposed]


def _is_plain(each: Derivation) -> bool:
    """Whether it says in other words what one record says, so that the record's place is reason enough."""
    below = _premises(each)
    return len(below) == 1 and below[0].sort == "fact" and bool(below[0].where)


def _premise(each: Derivation, within_possible: bool = False, inside: bool = False) -> str:
    where = each.where
    if inside and _is_plain(each):
        where = _premises(each)[0].where
    said = f"{each.says} ({where})" if where else each.says
    if each.certain or each.sort == "question":
        return said
    return f"perhaps {said}" if within_possible else f"it may be that {said}"


def _places(derivations: Iterable[Derivation]) -> list[str]:
    found = []
    for each in derivations:
        found += [each.where] if each.where else []
        found += _places(each.because)
    return list(dict.fromkeys(found))


def merged(places: Iterable[str]) -> str:
    """Several places in one phrase, rows of a sheet together.

    >>> merged(["homes, row 3", "homes, row 2", "homes, row 4", "posts, row 9"])
    'homes, rows 2 to 4; posts, row 9'
    """
    sheets: dict[tuple[str, str], set[int]] = {}
    others: list[str] = []
    for place in places:
        found = re.fullmatch(r"(.*), (row|record|line) (\d+)", place)
        if found:
            sheets.setdefault((found.group(1), found.group(2)), set()).add(int(found.group(3)))
        elif place not in others:
            others.append(place)
    told = []
    for (sheet, word), numbers in sheets.items():
        runs: list[list[int]] = []
        for number in sorted(numbers):
            if runs and number == runs[-1][-1] + 1:
                runs[-1].append(number)
            else:
                runs.append([number])
        said = [str(run[0]) if len(run) == 1 else f"{run[0]} {'and' if len(run) == 2 else 'to'} {run[-1]}" for run in runs]
        told.append(f"{sheet}, {word}{'s' if len(numbers) > 1 else ''} {wording.listed(said)}")
    return "; ".join([*told, *others])


def _asking(text: str) -> str:
    text = text.strip()
    text = text[:1].upper() + text[1:]
    return text if text.endswith(("?", ".")) else text + "?"


def _limit_of(figure: Figure, limits: Iterable[Limit]) -> Limit | None:
    candidates = [each for each in limits if each.measure.aggregate == figure.aggregate and each.op == figure.op]
    exact = [each for each in candidates if each.text == figure.text]
    same_bound = [each for each in candidates if isinstance(each.bound, Slot) or each.bound == figure.bound]
    return next(iter(exact or same_bound or candidates), None)


def _find(exceptions: Iterable[Exception_], id_: str) -> Exception_ | None:
    for each in exceptions:
        if each.id == id_:
            return each
        found = _find(each.unless, id_)
        if found is not None:
            return found
    return None
