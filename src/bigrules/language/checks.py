"""Checks of what authors write, one function for each; what they find has a code of its own.

Checks of one file get its draft; checks across files get the rulebook.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from bigrules.language.build import Draft
from bigrules.language.cycles import check_cycles, may_close_cycle
from bigrules.language.definitions import DefinitionDraft
from bigrules.language.earlier import is_earlier
from bigrules.language.evidence import check_findings_of
from bigrules.language.faults import Faults, did_you_mean
from bigrules.language.holds import check_never_defined, check_never_holds
from bigrules.language.model import Formula, OutcomeIs, Rulebook
from bigrules.language.rules import RuleDraft
from bigrules.language.same import check_same
from bigrules.language.scope import Scope, bound, names_in, place_of
from bigrules.language.types import parts_of

FileCheck = Callable[[Draft, Rulebook, Faults], None]


def check_files(drafts: Sequence[Draft], book: Rulebook, faults: Faults) -> None:
    """Run every check of one file on each of the files."""
    for draft in drafts:
        for check in FILE_CHECKS:
            # Where something could not be read, what is there is not all: do not draw conclusions.
            if not draft.failed:
                check(draft, book, faults)


def check_book(book: Rulebook, touched: Collection[str], faults: Faults, old: Rulebook | None = None) -> None:
    """Run every check across files.

    Args:
        book: The rulebook.
        touched: Ids of the files that are new or changed.
        faults: Where to note what is found.
        old: The rulebook without the changes, of which nothing was found; or None.
    """
    check_cycles(book, touched if old is None else may_close_cycle(book, old, touched), faults)
    check_never_defined(book, touched, faults)


def check_slots(draft: Draft, book: Rulebook, faults: Faults) -> None:
    """`slot-used-once` and `slot-bound-nowhere`."""
    scope = Scope(faults, book.types)
    if isinstance(draft, DefinitionDraft):
        head = frozenset(draft.slots)
        for name, formula in draft.formulas():
            asked = set(draft.shown)
            if name.startswith("people"):
                asked |= draft.asked
            scope.unbound |= head - bound(formula)
            scope.check(formula, frozenset(), head | asked)
            for slot in draft.slots:
                if slot not in bound(formula):
                    message = f"`{name}` does not bind `<{slot}>` of `{draft.says}`"
                    help = "let a sentence outside of `unless`, and in every branch of `any of`, bind it"
                    faults.add("slot-bound-nowhere", message, place_of(slot, formula), help)
        return
    assert isinstance(draft, RuleDraft)
    subject = bound(draft.each)
    apart = _apart(draft)
    for name, formula in draft.formulas():
        # A slot that `for each` binds is the subject, so that it may be used once.
        # Its own day is bound there too: where it is not, that is one fault and not one for each sentence.
        outer = frozenset() if name == "for each" else subject | {draft.on}
        scope.check(formula, outer, subject | apart)
    draft.evidence.check(scope, subject, draft.on)
    if draft.on and draft.on not in subject:
        place = draft.shape.span(draft.keys["on"][1])
        message = f"`for each` does not bind `<{draft.on}>`"
        faults.add("slot-bound-nowhere", message, place, "the rule's own day is a slot of `for each`")


def _apart(draft: RuleDraft) -> set[str]:
    """Words that stand for different things in different sections."""
    seen: set[str] = set()
    found: set[str] = set()
    for name, formula in draft.formulas():
        if name != "for each":
            own = bound(formula) - bound(draft.each)
            found |= own & seen
            seen |= own
    return found


def check_apart(draft: Draft, book: Rulebook, faults: Faults) -> None:
    """`slot-apart`: the same word in two sections that nothing joins."""
    if not isinstance(draft, RuleDraft):
        return
    subject = bound(draft.each)
    seen: dict[str, str] = {}
    noted: set[str] = set()
    for name, formula in draft.formulas():
        if name == "for each":
            continue
        for slot in sorted(bound(formula) - subject):
            if slot in seen and slot not in noted:
                noted.add(slot)
                message = f"`<{slot}>` in `{name}` is not the `<{slot}>` in `{seen[slot]}`"
                help = "bind it in `for each` if it is the same thing, or use another word if it is not"
                faults.add("slot-apart", message, place_of(slot, formula), help)
            seen.setdefault(slot, name)


def check_may_be_the_same(draft: Draft, book: Rulebook, faults: Faults) -> None:
    """`may be the same` names slots of the file."""
    if not draft.same:
        return
    known: set[str] = set()
    for _, formula in draft.formulas():
        known |= names_in(formula)
    for group in draft.same:
        for slot in sorted(group - known):
            place = draft.same_places[slot]
            help = did_you_mean(slot, known, "name slots of this file")
            faults.add("bad-slot", f"there is no slot `<{slot}>`", place, help)


def check_two_of_a_thing(draft: Draft, book: Rulebook, faults: Faults) -> None:
    """`could-be-the-same`: two slots for people that could be one person where nothing says."""
    allowed = list(draft.same)
    given: Formula | None = None
    if isinstance(draft, DefinitionDraft) and draft.irreflexive:
        allowed.append(frozenset(draft.slots))
    if isinstance(draft, RuleDraft):
        given = draft.each
    check_same(draft.formulas(), given, draft.types, allowed, book, faults)


def check_holds(draft: Draft, book: Rulebook, faults: Faults) -> None:
    """`never-holds`: a rule that no fact can trigger."""
    given = draft.each if isinstance(draft, RuleDraft) else None
    check_never_holds(draft.formulas(), given, draft.types, book, faults)


def check_examples(draft: Draft, book: Rulebook, faults: Faults) -> None:
    """`no-example`: every rule and definition has at least one."""
    # The examples of a rule stand with the last of its texts.
    if "examples" not in draft.keys and not is_earlier(draft.id):
        help = "give it one that comes out as it should, and one on each side of every boundary"
        faults.warn("no-example", f"`{draft.id}` has no examples", draft.place, help)


def check_outcomes(draft: Draft, book: Rulebook, faults: Faults) -> None:
    """`unknown-rule`: the outcome of a rule that there is not."""
    shown = draft.evidence.formulas() if isinstance(draft, RuleDraft) else []
    for _, formula in [*draft.formulas(), *shown]:
        for part in parts_of(formula):
            if isinstance(part, OutcomeIs) and part.rule not in book.rules:
                help = did_you_mean(part.rule, book.rules, "write the path of its file without `.yaml`")
                faults.add("unknown-rule", f"there is no rule `{part.rule}`", part.place, help)
    if isinstance(draft, RuleDraft):
        check_findings_of(draft.evidence.items, draft.id, book.rules, faults)


FILE_CHECKS: tuple[FileCheck, ...] = (
    check_slots,
    check_apart,
    check_may_be_the_same,
    check_two_of_a_thing,
    check_holds,
    check_examples,
    check_outcomes,
)
