"""The examples in rule files, run: an example that contradicts its file is a fault at its line."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Iterator

import attrs

from bigrules.diagnostics import Diagnostic, InputError, Span, errors
from bigrules.facts.case import Case
from bigrules.facts.examples import EXAMPLE_DAY
from bigrules.findings.basis import worst
from bigrules.findings.judge import judge
from bigrules.findings.readings import formulas
from bigrules.findings.report import Finding, Outcome
from bigrules.findings.wording import listed
from bigrules.language import in_force, texts_of
from bigrules.language.model import (
    Atom,
    Const,
    Definition,
    Example,
    Reading,
    Rule,
    Rulebook,
    Slot,
    Statement,
)
from bigrules.language.spells import Spell
from bigrules.program.compile import compile_program
from bigrules.program.core import Program

CONTRADICTED = ("BR320", "example-contradicted")
NOT_USABLE = ("BR321", "example-not-usable")
NO_DIFFERENCE = ("BR322", "reading-makes-no-difference")
# What a case is, and the faults where something else comes out, or where it contradicts itself.
CODES = {
    "example": (CONTRADICTED, NOT_USABLE),
    "scenario": (("BR323", "scenario-contradicted"), ("BR324", "scenario-not-usable")),
}

# What a statement of a definition's example says about the outcome of asking for it.
_SAID = {"true": "holds", "false": "does not hold", "unknown": "is open"}
_FOUND = {
    Outcome.BREACHED: "holds",
    Outcome.MET: "does not hold",
    Outcome.NOT_APPLICABLE: "does not hold",
    Outcome.UNDECIDED: "is open",
    Outcome.JUDGEMENT: "is open",
}


@attrs.frozen
class Otherwise:
    """An example of what an amendment is laid over that comes out otherwise under it.

    Args:
        file: Id of its rule or definition.
        example: The example.
        found: What comes out now, in words.
    """

    file: str
    example: Example
    found: str


def run_examples(rulebook: Rulebook) -> tuple[list[Diagnostic], int]:
    """Run the examples of a rulebook; of one with amendments, those of the amendment that was laid last.

    Each is judged by the rules that are in force on its own day. What stands below an amendment has examples of its
    own, which hold without it.

    Args:
        rulebook: A rulebook without faults.

    Returns:
        What is wrong, and how many examples ran.
    """
    found: list[Diagnostic] = []
    ran = 0
    for each in parts(rulebook):
        ran += each.what == "example"
        found += each.run()
    return found, ran


@attrs.frozen
class Part:
    """What can be run by itself: one example, or the case on which a reading differs.

    Args:
        what: `example` or `reading`.
        name: Its name, or "".
        place: Where it stands.
        run: Runs it, and says what is wrong.
    """

    what: str
    name: str
    place: Span
    run: Callable[[], list[Diagnostic]]


def parts(rulebook: Rulebook) -> Iterator[Part]:
    """Everything that `run_examples` runs, in its order.

    Args:
        rulebook: A rulebook without faults.
    """
    for each in _examples(rulebook):
        if each.is_own:
            yield Part("example", each.example.name, each.example.place, each.faults)
    # What is in force then has the readings that can be taken then.
    book = in_force(rulebook, EXAMPLE_DAY)
    files: list[Rule | Definition] = [*book.rules.values(), *book.definitions.values()]
    for file in files:
        for reading in _differing(file):
            if _is_own(rulebook, reading.place):
                run = functools.partial(_run_reading, rulebook, file, reading)
                yield Part("reading", reading.name, reading.place, run)


def _run_reading(rulebook: Rulebook, file: Rule | Definition, reading: Reading) -> list[Diagnostic]:
    book = in_force(rulebook, EXAMPLE_DAY)
    rule = book.rules[file.id] if isinstance(file, Rule) else _probe(book, file)
    return _of_reading(book, rule, file.id, reading)


def otherwise(
    rulebook: Rulebook, reached: Callable[[str], bool] = lambda _: True
) -> tuple[list[Otherwise], int]:
    """Examples of what an amendment is laid over that come out otherwise under it.

    Args:
        rulebook: A rulebook without faults.
        reached: Whether a rule or definition, by its id, can come out otherwise at all.

    Returns:
        These examples, and how many there are in all; nothing where nothing was laid over the rulebook.
    """
    found = []
    ran = 0
    for each in _examples(rulebook):
        if each.is_own:
            continue
        ran += 1
        wrong = each.faults() if reached(each.file.id) else []
        if wrong:
            found.append(Otherwise(each.file.id, each.example, wrong[0].message))
    return found, ran


@attrs.frozen
class _Run:
    """An example with what it is held against."""

    rulebook: Rulebook
    file: Rule | Definition
    example: Example
    is_own: bool
    program: Callable[[], Program]

    def faults(self) -> list[Diagnostic]:
        if isinstance(self.file, Definition):
            return against_definition(self.rulebook, self.file, self.example)
        return _of_rule(self.rulebook, self.program(), self.file, self.example)


def _examples(rulebook: Rulebook) -> Iterator[_Run]:
    """Every example, with the rulebook as it stands on its day."""
    programs: dict[tuple[int, str], Program] = {}

    def program(book: Rulebook, rule: str) -> Program:
        key = (id(book), rule)
        if key not in programs:
            programs[key] = compile_program(book, texts_of(book, rule))
        return programs[key]

    files: list[Rule | Definition] = [*rulebook.rules.values(), *rulebook.definitions.values()]
    for kept in files:
        for example in kept.examples:
            book = in_force(rulebook, example.as_of or EXAMPLE_DAY)
            file: Rule | Definition = book.rules[kept.id] if isinstance(kept, Rule) else book.definitions[kept.id]
            yield _Run(
                book, file, example, _is_own(rulebook, example.place), functools.partial(program, book, kept.id)
            )  # fmt: skip


def amended_without_examples(rulebook: Rulebook) -> list[Diagnostic]:
    """`no-example`: files that amend a rule or definition, and show by no example what is so now.

    Of a rule that is put in the place of another, loading says so.

    Args:
        rulebook: A rulebook without faults.
    """
    files: dict[str, Rule | Definition] = {**rulebook.rules, **rulebook.definitions}
    found = []
    for each in rulebook.amended:
        file = files.get(each.target.partition(" ")[0])
        if file is None or each.operation == "substitute" or not _is_own(rulebook, each.place):
            continue
        if not any(example.place.file == each.place.file for example in file.examples):
            message = f"`{each.id}` has no examples"
            help = f"give it one of `{file.id}` that comes out otherwise than before, and one that does not"
            found.append(Diagnostic("BR310", "no-example", message, each.place, help, "warning"))
    return found


def _is_own(rulebook: Rulebook, place: Span) -> bool:
    """Whether something stands in the amendment that was laid last, or in a rulebook without any."""
    return not rulebook.laid or place.file.startswith(f"{rulebook.laid[-1].shown}/")


def _case(
    rulebook: Rulebook, example: Example, code: tuple[str, str] = NOT_USABLE
) -> tuple[Case | None, list[Diagnostic]]:
    from bigrules.facts.examples import example_case

    try:
        return example_case(rulebook, example), []
    except InputError as error:
        return None, [
            attrs.evolve(each, code=code[0], name=code[1], place=example.place)
            for each in errors(error.diagnostics)
        ]


def _of_rule(rulebook: Rulebook, program: Program, rule: Rule, example: Example) -> list[Diagnostic]:
    return held_against(rulebook, program, rule, example)


def held_against(
    rulebook: Rulebook, program: Program, rule: Rule, example: Example, what: str = "example"
) -> list[Diagnostic]:
    """What is wrong where a rule comes to something else than is written down for a small case.

    Args:
        rulebook: The rulebook.
        program: The program of the rule.
        rule: The rule.
        example: The case, and what must come out.
        what: What it is: an example of the rule, or a scenario.
    """
    contradicted, not_usable = CODES[what]
    case, found = _case(rulebook, example, not_usable)
    if case is None:
        return found
    named = f"the {what} `{example.name}`" if example.name else f"this {what}"
    texts = texts_of(rulebook, rule.id)
    findings = [each for each in judge(rulebook, program, case) if each.rule in texts]
    outcome = worst(findings)
    if str(outcome) != example.then:
        because = f" ({_because(findings)})" if _because(findings) else ""
        help_ = f"write `then: {outcome}` if that is right{because}, else mend the rule"
        spell = Spell(rule.start, rule.end)
        if outcome is Outcome.NOT_APPLICABLE and not rule.on and case.as_of not in spell:
            days = f"the rule is in force {spell.in_words()}, and this is judged as of {case.as_of}"
            help_ = f"{days}: give it an `as of`"
        message = f"{named} says `{example.then}` and its rule says `{outcome}`"
        return [Diagnostic(*contradicted, message, example.place, help_)]
    concerned = {each.concerned for finding in findings for each in finding.witnesses if each.concerned}
    if example.concerns is not None and concerned != set(example.concerns):
        said, seen = _groups(example.concerns), _groups(concerned)
        message = f"{named} says that it concerns {said} and its rule says {seen}"
        return [Diagnostic(*contradicted, message, example.place, f"mend the {what}, or the rule")]
    return []


def _because(findings: Iterable[Finding]) -> str:
    parts = []
    for each in findings:
        people = [listed(sorted(one.concerned)) for one in each.witnesses if one.concerned]
        if people:
            parts.append(f"it concerns {'; '.join(people)}")
    return "; ".join(dict.fromkeys(parts))


def _groups(groups: Iterable[frozenset[str]]) -> str:
    said = sorted(f"`{', '.join(sorted(each))}`" for each in groups)
    return listed(said) or "nobody"


def _differing(file: Rule | Definition) -> list[Reading]:
    return [each for each in file.other_readings if each.runs and each.differs_when]


def _probe(rulebook: Rulebook, definition: Definition) -> Rule:
    """A rule that does not allow anything that the definition says, so that its findings tell what holds."""
    terms = tuple(Slot(each) for each in definition.slots)
    atom = Atom(definition.id, terms, text=definition.says)
    types = dict(zip(definition.slots, definition.types, strict=True))
    return Rule(f"all of {definition.id}", definition.says, form="not allowed", condition=atom, types=types)


def _of_reading(rulebook: Rulebook, rule: Rule, file: str, reading: Reading) -> list[Diagnostic]:
    """A reading has to make the difference that it says it makes."""
    from bigrules.language import with_readings

    given = tuple(each for each in reading.differs_when if isinstance(each, Statement))
    case, found = _case(rulebook, Example("", given, place=reading.place))
    if case is None:
        return found
    other, diagnostics = with_readings(rulebook, {file: reading.name})
    if other is None or errors(diagnostics):
        return list(errors(diagnostics))
    if _said_by(rulebook, rule, case) != _said_by(other, rule, case):
        return []
    return [
        Diagnostic(
            *NO_DIFFERENCE,
            f"the reading `{reading.name}` makes no difference where it says that it does",
            reading.place,
            "mend what stands under `differs when`, or the change",
        )
    ]


def _said_by(rulebook: Rulebook, rule: Rule, case: Case) -> object:
    """What a rulebook says of a case by one rule: its outcome, and for a definition what holds."""
    probed = rule.id not in rulebook.rules
    if probed:
        rulebook = attrs.evolve(rulebook, rules={**rulebook.rules, rule.id: rule})
    program = compile_program(rulebook, [rule.id])
    findings = [each for each in judge(rulebook, program, case) if each.rule == rule.id]
    held = {(each.binding, each.certain) for finding in findings for each in finding.witnesses}
    return (worst(findings), held if probed else None)


def against_definition(rulebook: Rulebook, definition: Definition, example: Example) -> list[Diagnostic]:
    case, found = _case(rulebook, example)
    if case is None:
        return found
    # Each statement is asked for as a rule that does not allow it: a breach says that it holds.
    probes: dict[str, tuple[Rule, Statement]] = {}
    for number, statement in enumerate(example.holds):
        terms = tuple(
            Const(each) if each is not None else Slot(f"any {at}") for at, each in enumerate(statement.values)
        )
        types = {f"any {at}": type_ for at, type_ in enumerate(rulebook.types(statement.predicate))}
        probe = Rule(
            f"example {number}",
            statement.text,
            form="not allowed",
            types=types,
            condition=Atom(statement.predicate, terms, text=statement.text),
        )
        probes[probe.id] = (probe, statement)
    needed = {} if not _reads_outcomes(rulebook) else rulebook.rules
    asked = attrs.evolve(rulebook, rules={**needed, **{id_: probe for id_, (probe, _) in probes.items()}})
    findings = judge(asked, compile_program(asked, list(probes)), case)
    named = f"the example `{example.name}`" if example.name else "this example"
    for id_, (_, statement) in probes.items():
        outcome = worst([each for each in findings if each.rule == id_])
        if _FOUND[outcome] != _SAID[statement.status]:
            place = statement.place if statement.place.file else example.place
            found.append(
                Diagnostic(
                    *CONTRADICTED,
                    f"{named} says that `{statement.text}` {_SAID[statement.status]}, "
                    f"and by the definition it {_FOUND[outcome]}",
                    place,
                    "mend the example, or the definition",
                )
            )
    return found


def _reads_outcomes(rulebook: Rulebook) -> bool:
    from bigrules.findings.formulas import outcomes_in

    return any(
        True
        for id_ in rulebook.definitions
        for formula in formulas(rulebook, id_)
        for _ in outcomes_in(formula)
    )
