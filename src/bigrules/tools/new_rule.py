"""A new rule or definition, with examples that hold and its clause in the ledger."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import attrs

from bigrules.findings.wording import negated
from bigrules.language.sentences import slots_of
from bigrules.tools.new_files import Made, free_file, good_id, one_line, refused
from bigrules.tools.new_sentences import Said, by_likeness, named, sentences_of
from bigrules.tools.new_sketches import (
    MOST_TRIES,
    Given,
    Sketch,
    alike,
    asking,
    conditions,
    fitting,
    measures,
    values_for,
)
from bigrules.tools.new_trial import Desk, Failed, desk, ledger, tried, would_fail
from bigrules.tools.new_yaml import block, comment, flow, laid_out, scalar

FORMS = ("required", "not-allowed", "ask", "measure")


def new_rule(
    id: str,
    rules: str = ".",
    *,
    title: str = "",
    source: Sequence[str] = (),
    force: str = "must",
    form: str = "required",
    for_each: Sequence[str] = (),
    section: str = "",
    place: str = "",
) -> Made:
    """Make a rule with examples, and enter its clause in the ledger.

    Args:
        id: Its id, such as `criteria/minimum-size`.
        rules: The directory of the rulebook or amendment.
        title: What it says, in one sentence.
        source: The clauses that it encodes; one is entered for it where none is named.
        force: How strong it is.
        form: One of `FORMS`.
        for_each: Sentences of which there is a finding each.
        section: Under which heading a new clause stands.
        place: Where there.

    Raises:
        InputError: It cannot be made; then nothing was.
    """
    id = good_id(id, "rule")
    name = id.rpartition("/")[2].replace("-", " ")
    title = one_line(title, "--title") if title else name.capitalize()
    sources = [one_line(each, "--source") for each in source] or [id.replace("/", ".")]
    written = [one_line(each, "--for-each") for each in for_each]
    work = desk(rules)
    file = free_file(work.root, id, {*work.rulebook.rules, *work.rulebook.definitions}, "rule")
    # Its folder is about others too.
    known = by_likeness(sentences_of(work.rulebook), f"{name} {title}")
    subjects = named(written, known, "--for-each")
    head = [
        *comment("What has to be so, in one sentence."),
        f"rule: {scalar(title)}",
        *comment("The clause that says so, an entry of clauses.yaml."),
        f"source: {scalar(sources[0]) if len(sources) == 1 else flow(sources)}",
        *comment("How strong it is: must, should or expected."),
        f"force: {force}",
    ]
    if form == "ask":
        sketches = asking(id, known, subjects)
    elif form == "measure":
        sketches = measures(known, subjects)
    else:
        sketches = conditions(known, subjects, form == "required")
    _write(work, file, id, "rule", head, sketches, ledger(work, sources, id, section, place))
    return _made(work, file, id, sources)


def new_definition(
    id: str,
    rules: str = ".",
    *,
    says: str = "",
    source: Sequence[str] = (),
    section: str = "",
    place: str = "",
) -> Made:
    """Make a definition with examples, and enter its clause in the ledger.

    Args:
        id: Its id; without a folder it goes into `definitions`.
        rules: The directory of the rulebook or amendment.
        says: Its sentence with slots, such as `<person> is trained`.
        source: The clauses that it encodes; one is entered for it where none is named.
        section: Under which heading a new clause stands.
        place: Where there.

    Raises:
        InputError: It cannot be made; then nothing was.
    """
    id = good_id(id if "/" in id else f"definitions/{id}", "definition")
    says = one_line(says, "--says") if says else ""
    sources = [one_line(each, "--source") for each in source] or [id.replace("/", ".")]
    work = desk(rules)
    file = free_file(work.root, id, {*work.rulebook.rules, *work.rulebook.definitions}, "definition")
    words = id.rpartition("/")[2].replace("-", " ")
    known = by_likeness(sentences_of(work.rulebook), f"{words} {says}")
    sketches = []
    for said in itertools.islice(fitting(known, says), MOST_TRIES):
        own = says or f"<{said.things()[0]}> is {words}"
        otherwise = negated(own)
        if slots_of(otherwise) != slots_of(own) or otherwise.startswith("it is not so"):
            otherwise = ""
        values = values_for([said])
        held = Said(own, tuple(said.fields[said.slots.index(each)] for each in slots_of(own)), id)
        yes, given = held.stated(values), said.stated(values)
        lines = [
            *comment("The sentence that rules can use, and how they say that it is not so."),
            f"definition: {scalar(own)}",
            *([f"otherwise: {scalar(otherwise)}"] if otherwise else []),
            *comment("The clause that says so, an entry of clauses.yaml."),
            f"source: {scalar(sources[0]) if len(sources) == 1 else flow(sources)}",
            "",
            *comment("What has to be recorded for it; see `bigrules show vocabulary` for what can be said."),
            f"holds when: {scalar(said.text)}",
        ]
        examples: tuple[tuple[str, Given, object], ...] = (
            ("it holds", [given], [yes]),
            ("it does not hold", [], [{"not": yes}]),
            ("it is not recorded", [{"not recorded": given}], [{"not recorded": yes}]),
        )
        must = frozenset({"it holds", "it does not hold"})
        sketches.append(Sketch(tuple(lines), examples, must, alike([said])))
    if not sketches:
        help = "make a kind of fact with the same slots first: `bigrules new fact`"
        raise refused("no-sentence", "the vocabulary has no sentence that this could rest on", "--says", help)
    _write(work, file, id, "definition", [], sketches, ledger(work, sources, id, section, place))
    return _made(work, file, id, sources)


def _made(work: Desk, file: Path, id: str, sources: list[str]) -> Made:
    path = str(work.root / "clauses.yaml")
    new = [each for each in dict.fromkeys(sources) if each not in work.rulebook.clauses]
    return Made((str(file),), tuple((path, each) for each in new), ("bigrules", "test", str(work.root)))


def _write(
    work: Desk,
    file: Path,
    id: str,
    what: str,
    head: list[str],
    sketches: Iterable[Sketch],
    more: dict[Path, tuple[bytes, bytes]],
) -> None:
    """Write the first sketch that passes, without those of its further examples that do not hold."""

    reason: Failed | None = None
    for sketch in _with_same(sketches):
        left_out: set[str] = set()
        try:
            while failing := tried(work, {file: _text(head, sketch, left_out)}, more, id, set(sketch.must)):
                left_out |= failing
        except Failed as failed:
            reason = reason or failed
        else:
            return
    raise would_fail(reason, what, str(file))


def _with_same(sketches: Iterable[Sketch]) -> Iterator[Sketch]:
    """Each sketch, and behind it the same with a word on things that may be one, for where that has to be said."""
    for each in sketches:
        yield each
        if each.same:
            line = f"may be the same: {flow([f'<{slot}>' for slot in each.same])}"
            yield attrs.evolve(each, lines=(*each.lines, line))


def _text(head: list[str], sketch: Sketch, left_out: set[str]) -> str:
    lines = [*head, *sketch.lines, ""]
    lines += comment("Small cases, and what comes out; `bigrules test` runs them.")
    lines.append("examples:")
    for name, given, then in sketch.examples:
        if name not in left_out:
            lines += block([{"name": name, "given": given, "then": then}], 2)
    return laid_out("\n".join(lines) + "\n", "rule")
