"""What a rulebook turns into, printed: its vocabulary, its core form and its program."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction

from bigrules.findings.wording import count, listed, number_in_words
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
    OutcomeIs,
    Parameter,
    ParameterValue,
    Rulebook,
    Slot,
    Term,
    Test,
    Type,
    WorkedOut,
)
from bigrules.language.shown import Show, ShowEach, ShowFindings, ShowMeasure
from bigrules.language.tests import MONTHS
from bigrules.program.compile import compile_program
from bigrules.program.core import Clause, ExceptionNode, LimitStep, Literal_, MeasureTable, Predicate

# ---------------------------------------------------------------- vocabulary


def vocabulary(rulebook: Rulebook) -> str:
    """The kinds of fact and the definitions, with the sentences that say them."""
    lines: list[str] = []
    for kind in rulebook.vocabulary.kinds.values():
        marks = [
            each
            for each, is_so in (
                ("dated", kind.dated),
                (f"lists every {kind.lists}", kind.lists),
                (f"one for each {kind.one_for_each}", kind.one_for_each),
                (_worked_out(kind), kind.worked_out is not None),
            )
            if is_so
        ]
        lines.append(f"{kind.name}" + (f" ({listed(marks)})" if marks else ""))
        lines += [f"  help: {kind.help}"] if kind.help else []
        lines += [f"  asks: {kind.asks}"] if kind.asks else []
        lines += [f"  no row means: {kind.no_row}"] if kind.no_row else []
        for field in kind.fields:
            blank = field.blank.meaning if field.blank.meaning != "value" else f"{field.blank.value}"
            lines.append(f"  field {field.name}: {_type(field.type)}; blank means {blank}")
        for sentence in kind.sentences:
            lines.append(f"  says {sentence.says}")
            lines += [f"    otherwise {sentence.negative}"] if sentence.negative else []
            if sentence.fixed:
                lines.append(
                    f"    with {listed(f'{name}: {_value(value)}' for name, value in sentence.fixed)}"
                )
        lines.append("")
    for definition in rulebook.definitions.values():
        lines.append(f"{definition.id}: {definition.says}")
        lines += [f"  otherwise {definition.negative}"] if definition.negative else []
        slots = (
            f"<{slot}> {_type(type_)}" for slot, type_ in zip(definition.slots, definition.types, strict=True)
        )
        lines += [f"  where {listed(slots)}", ""]
    return "\n".join(lines)


def _worked_out(kind: Kind) -> str:
    """From what the records of a kind follow."""
    made = kind.worked_out
    if isinstance(made, WorkedOut):
        return f"worked out from {made.list}, where it is known: {listed(made.known)}"
    if isinstance(made, Parameter):
        return f"as rulebook.yaml says: {listed(map(_value_in_time, made.values))}"
    if made is None:
        return ""
    first, last = (f"{made.days[at + 1]} {MONTHS[made.days[at] - 1].title()}" for at in (0, 2))
    return f"worked out from the day: years since {made.since} with the window {first} to {last}"


def _value_in_time(each: ParameterValue) -> str:
    since = f" from {each.start}" if each.start else ""
    until = f" until {each.end}" if each.end else ""
    return f"{number_in_words(each.value)}{since}{until}"


def _type(type_: Type) -> str:
    if type_.name == "one of":
        return "one of " + ", ".join(type_.choices)
    if type_.least is not None or type_.greatest is not None:
        return f"{type_.name} from {type_.least} to {type_.greatest}"
    return type_.name


# ---------------------------------------------------------------- core form


def core(rulebook: Rulebook) -> str:
    """Every definition and rule in the core form that its surface form stands for."""
    lines: list[str] = []
    for definition in rulebook.definitions.values():
        marks = [
            each
            for each, is_so in (
                ("in both directions", definition.symmetric),
                ("never with oneself", definition.irreflexive),
            )
            if is_so
        ]
        head = f"define {definition.id}({', '.join(definition.slots)})"
        lines.append(head + (f" [{', '.join(marks)}]" if marks else ""))
        if definition.holds is not None:
            lines += ["  certain if", *_formula(definition.holds, 4)]
        if definition.people_decide is not None:
            lines += [f"  left to people ({definition.ask}) if", *_formula(definition.people_decide, 4)]
        lines.append("")
    for rule in rulebook.rules.values():
        subject = f" for each ({', '.join(rule.subject)})" if rule.subject else " for the case"
        lines.append(f"rule {rule.id} [{rule.force}]{subject}" + (f" on <{rule.on}>" if rule.on else ""))
        if rule.given is not None:
            lines += ["  given", *_formula(rule.given, 4)]
        if rule.condition is not None:
            word = "require" if rule.form == "required" else "require none of"
            lines += [f"  {word}", *_formula(rule.condition, 4)]
        if rule.form == "ask":
            again = f" again after {count(*rule.asked_again_after)}" if rule.asked_again_after else ""
            lines.append(f"  ask{again} {rule.ask}")
        lines += _exceptions(rule.exceptions, 2)
        for each in rule.show:
            lines += _shown(each)
        lines.append("")
    return "\n".join(lines)


def _shown(show: Show) -> Iterator[str]:
    """Evidence; it is no part of what the rule requires."""
    if isinstance(show, ShowFindings):
        yield f"  show findings of {', '.join(show.rules)}"
        for said, formula in (("yes", show.said_yes), ("no", show.said_no)):
            if formula is not None:
                yield f"    said {said} where"
                yield from _formula(formula, 6)
    elif isinstance(show, ShowEach):
        yield f"  show each ({show.says})"
        yield from _formula(show.each, 4)
    else:
        measure = show.limit.measure
        if isinstance(show, ShowMeasure):
            yield f"  show ({show.says})"
        else:
            beside = f" beside {show.beside}" if show.beside else ""
            by = ", ".join(show.by)
            yield f"  show profile from {show.kind} of its {show.holder} by {by}{beside}"
        yield from _measure(measure, 4)


def _exceptions(exceptions: Iterable[Exception_], indent: int) -> Iterator[str]:
    for each in exceptions:
        because = f" because {each.because}" if each.because else ""
        yield f"{' ' * indent}except {each.id}{because}"
        yield from _formula(each.when, indent + 2)
        yield from _exceptions(each.unless, indent + 2)


def _formula(formula: Formula, indent: int) -> Iterator[str]:
    pad = " " * indent
    if isinstance(formula, All | AnyOf):
        yield f"{pad}{'all' if isinstance(formula, All) else 'any'} of"
        for part in formula.parts:
            yield from _formula(part, indent + 2)
    elif isinstance(formula, NoneOf):
        yield f"{pad}none of"
        yield from _formula(formula.part, indent + 2)
    elif isinstance(formula, Atom):
        terms = ", ".join("_" if term is None else _term(term) for term in formula.terms)
        day = {"now": "", "ever": " ever"}.get(formula.day.mode, f" on <{formula.day.slot}>")
        yield f"{pad}{formula.predicate}({terms}){day}" + (
            f" or later by <{formula.future}>" if formula.future else ""
        )
    elif isinstance(formula, Test):
        amount = f" {formula.amount}" if formula.amount else ""
        window = f" {formula.window}" if formula.op == "window" else ""
        yield f"{pad}test {formula.op}{amount}{window} ({', '.join(map(_term, formula.terms))})"
    elif isinstance(formula, OutcomeIs):
        yield f"{pad}outcome of {formula.rule} is {formula.outcome}"
    else:
        yield from _limit(formula, indent)


def _limit(limit: Limit, indent: int) -> Iterator[str]:
    pad = " " * indent
    bound = f"<{limit.bound.name}>" if isinstance(limit.bound, Slot) else number_in_words(limit.bound)
    rounding = f" rounded {limit.rounding}" if limit.rounding else ""
    nobody = f"; of nobody: {limit.of_nobody}" if limit.of_nobody != "natural" else ""
    yield f"{pad}measure {limit.op} {bound}{' of' if limit.of else ''}{rounding}{nobody}"
    yield from _measure(limit.measure, indent + 2)
    if limit.of is not None:
        yield f"{pad}of"
        yield from _measure(limit.of, indent + 2)


def _measure(measure: Measure, indent: int) -> Iterator[str]:
    pad = " " * indent
    value = f"; <{measure.value}>" if measure.value else ""
    yield f"{pad}{measure.aggregate}[<{measure.key}>{value}]"
    parts = (
        ("among", measure.among),
        ("where", measure.where),
        (f"linked to <{measure.other}> by", measure.link),
    )
    for word, part in parts:
        if part is not None:
            yield f"{pad}{word}"
            yield from _formula(part, indent + 2)
    if measure.sharing:
        yield f"{pad}sharing <{measure.sharing}>"
    if measure.through_anyone:
        yield f"{pad}through anyone"


def _term(term: Term) -> str:
    return f"<{term.name}>" if isinstance(term, Slot) else _value(term.value)


def _value(value: object) -> str:
    return number_in_words(value) if isinstance(value, int | Fraction) else str(value)


# ---------------------------------------------------------------- program


def program(rulebook: Rulebook) -> str:
    """The compiled program, stratum by stratum."""
    compiled = compile_program(rulebook)
    lines = ["tables from the case"]
    lines += [f"  {_predicate(each)}" for each in compiled.predicates.values() if each.base]
    for number, stratum in enumerate(compiled.strata, 1):
        lines += ["", f"stratum {number}" + (" (to a fixpoint)" if stratum.recursive else "")]
        lines += [f"  {_clause(each)}" for each in stratum.clauses]
        lines += [f"  barrier: {_step(each)}" for each in stratum.limits]
        lines += [f"  barrier: {each.holds} if {each.rule} is {each.outcome}" for each in stratum.outcomes]
    lines += ["", "findings"]
    for rule in compiled.rules:
        lines.append(f"  {rule.id}({', '.join(rule.subject)}) given {rule.given}")
        if rule.form == "not allowed":
            lines.append(f"    breached by each of {rule.hit}({', '.join((*rule.subject, *rule.witness))})")
        elif rule.form == "required":
            lines.append(
                f"    met if {rule.ok}" + (f"; not applicable if {listed(rule.void)}" if rule.void else "")
            )
        elif rule.asked is not None:
            lines.append(f"    met if people answer yes to {rule.asked.question}")
        lines += _nodes(rule.exceptions, 4)
    return "\n".join(lines) + "\n"


def _nodes(nodes: Iterable[ExceptionNode], indent: int) -> Iterator[str]:
    for each in nodes:
        yield f"{' ' * indent}except where {each.when} ({each.id})"
        yield from _nodes(each.unless, indent + 2)


def _predicate(predicate: Predicate) -> str:
    columns = ", ".join(
        f"{name}: {type_.name}" for name, type_ in zip(predicate.columns, predicate.types, strict=True)
    )
    return f"{predicate.name}({columns})"


def _literal(literal: Literal_) -> str:
    return f"{literal.predicate}({', '.join('_' if term is None else _term(term) for term in literal.terms)})"


def _clause(clause: Clause) -> str:
    parts = [_literal(each) for each in clause.body]
    parts += [f"test {each.op} ({', '.join(map(_term, each.terms))})" for each in clause.tests]
    parts += [f"no {_literal(each)}" for each in clause.absent]
    if clause.asked is not None:
        parts.append(
            f"people answer yes to {clause.asked.question}({', '.join(map(_term, clause.asked.terms))})"
        )
    return f"{_literal(clause.head)} if {' and '.join(parts) or 'true'}"


def _step(step: LimitStep) -> str:
    bound = f"<{step.bound}>" if isinstance(step.bound, str) else number_in_words(step.bound)
    of = f" of {_table(step.of)}" if step.of is not None else ""
    rounding = f" rounded {step.rounding}" if step.rounding else ""
    return (
        f"{step.holds}({', '.join(step.outer)}) if {_table(step.measure)} is {step.op} {bound}{of}{rounding}"
    )


def _table(measure: MeasureTable) -> str:
    link = f" linked by {measure.link}" if measure.link else ""
    among = f" among {measure.among}" if measure.among else ""
    return f"{measure.aggregate} of {measure.counted}{among}{link}"
