"""Evidence in words."""

from __future__ import annotations

from collections.abc import Iterable

import attrs

from bigrules.findings import wording
from bigrules.findings.derive import Deriver
from bigrules.findings.evidence import Contradiction, Evidence, FoundElsewhere, Instance, Listed, Measured
from bigrules.findings.figures import between, measure_in_words
from bigrules.findings.names import PERSON
from bigrules.findings.profile import Characteristic, Count, Group, Profile, hidden, without_own_words
from bigrules.findings.report import ORDER, Finding, Outcome
from bigrules.language.model import Formula, Rule
from bigrules.language.shown import Show, ShowEach, ShowFindings

NOT_SETTLED = "too much is not known for this to be settled"

# More than this is counted and not written out.
MOST_TOLD = 12


@attrs.frozen
class Told:
    """One item of evidence in words.

    Args:
        lead: What it is, or all of it.
        lines: What belongs to it.
        contradictions: Where it contradicts what somebody says, as sentences.
        brief: All of it in one sentence, or "" where it is always told in full.
    """

    lead: str
    lines: tuple[str, ...] = ()
    contradictions: tuple[str, ...] = ()
    brief: str = ""

    def sentences(self) -> tuple[str, ...]:
        """All of it as sentences."""
        return (self.lead, *self.lines, *self.contradictions)


class Telling:
    """Tells the evidence of a rule.

    Args:
        rule: The rule.
        deriver: Finds words.
        small_counts: Whether small counts of a profile are told.
    """

    def __init__(self, rule: Rule, deriver: Deriver, small_counts: bool) -> None:
        self.rule, self.deriver, self.small_counts = rule, deriver, small_counts

    def told(self, evidence: Evidence, show: Show, finding: Finding) -> Told:
        """One item of evidence."""
        if isinstance(evidence, Measured):
            said = self.says(evidence.says, finding)
            told = measure_in_words(evidence.figure) if evidence.settled else NOT_SETTLED
            return Told(wording.sentence(f"{said}: {told}"))
        if isinstance(evidence, Listed):
            assert isinstance(show, ShowEach)
            return self._listed(evidence, show, finding)
        if isinstance(evidence, FoundElsewhere):
            assert isinstance(show, ShowFindings)
            return self._found(evidence, show, finding)
        return self._profile(evidence)

    def says(self, says: str, finding: Finding) -> str:
        """What evidence is, in words."""
        words = {
            slot: self.deriver.names.of(self.rule.types.get(slot), value) for slot, value in finding.subject
        }
        return wording.fill(says, words).rstrip(".:")

    # ------------------------------------------------------------ listings

    def instance(self, each: Instance, formula: Formula) -> str:
        """One thing that a condition holds for, as a sentence."""
        said = self.deriver.condition(formula, dict(each.binding))
        return wording.sentence(said if each.certain else f"it may be that {said}")

    def _listed(self, evidence: Listed, show: ShowEach, finding: Finding) -> Told:
        lines = list(dict.fromkeys(self.instance(each, show.each) for each in evidence.found))
        more = len(lines) - MOST_TOLD
        lines = lines[:MOST_TOLD]
        if more > 0:
            lines.append(f"There {'is' if more == 1 else 'are'} {more} more like this.")
        says = self.says(evidence.says, finding)
        if evidence.not_asked:
            lines.append(f"Not asked, so that there may be any: {wording.listed(evidence.not_asked)}.")
        if evidence.incomplete:
            lines.append(f"Perhaps not all is recorded: {wording.listed(evidence.incomplete)}.")
        if evidence.found:
            number = _how_many(evidence)
            return Told(f"{says} ({number}):", tuple(lines), brief=wording.sentence(f"{says}: {number}"))
        none = "not asked" if evidence.not_asked else "none is recorded"
        return Told(
            wording.sentence(f"{says}: none is recorded"),
            tuple(lines),
            brief=wording.sentence(f"{says}: {none}"),
        )

    # ------------------------------------------------------------ findings of other rules

    def _found(self, evidence: FoundElsewhere, show: ShowFindings, finding: Finding) -> Told:
        rules = self.deriver.rulebook.rules
        lines = [f"“{rules[rule].title}” ({rule}): {outcome}." for rule, outcome in evidence.outcomes]
        said = [
            wording.sentence(self.deriver.condition(formula, dict(finding.subject)))
            for answer, formula in (("yes", show.said_yes), ("no", show.said_no))
            if answer in evidence.said and formula is not None
        ]
        return Told(
            "What was found for other rules:",
            (*lines, *said),
            tuple(self.contradiction(each, show, finding) for each in evidence.contradictions),
            brief=self._found_briefly(evidence),
        )

    def _found_briefly(self, evidence: FoundElsewhere) -> str:
        """How many rules came out how, and which of them are breached."""
        rules = self.deriver.rulebook.rules
        parts = []
        for outcome in ORDER:
            mine = [rule for rule, each in evidence.outcomes if each is outcome]
            if outcome is Outcome.BREACHED and mine:
                titles = wording.listed(f"“{rules[rule].title}”" for rule in mine)
                parts.append(f"breached: {titles}")
            elif mine:
                word = "for people to decide" if outcome is Outcome.JUDGEMENT else outcome
                parts.append(f"{word}: {len(mine)}")
        return wording.sentence(f"what was found for other rules: {'; '.join(parts)}")

    def contradiction(self, each: Contradiction, show: ShowFindings, finding: Finding) -> str:
        """What somebody said, and what was found, in one sentence."""
        rules = self.deriver.rulebook.rules
        titles = wording.listed(f"“{rules[rule].title}”" for rule in each.rules)
        found = "breached" if each.answer == "yes" else "met"
        verb = "is" if len(each.rules) == 1 else "are"
        formula = show.said_yes if each.answer == "yes" else show.said_no
        if each.recorded or formula is None:
            said = f"the recorded answer is {each.answer}"
        else:
            said = self.deriver.condition(formula, dict(finding.subject))
        day = wording.day_in_words(self.deriver.case.as_of)
        return wording.sentence(f"this is a contradiction: {said}, but as of {day} {titles} {verb} {found}")

    # ------------------------------------------------------------ profiles

    def _profile(self, profile: Profile) -> Told:
        one, many = (PERSON, "people") if profile.what == PERSON else (profile.what, f"{profile.what}s")
        what = one if str(profile.count) == "1" else many
        lead = f"How those who are counted are made up ({profile.count} {what})"
        lines = [self.characteristic(each, profile) for each in profile.characteristics]
        if profile.not_asked:
            lines.append(f"Not asked: {wording.listed(profile.not_asked)}.")
        return Told(f"{lead}:", tuple(lines))

    def characteristic(self, characteristic: Characteristic, profile: Profile) -> str:
        """One characteristic as a sentence: each group, and of how many it is not known."""
        shown = characteristic if self.small_counts else without_own_words(characteristic)
        counts = [*(each.count for each in shown.groups), shown.not_known]
        if self.small_counts:
            words = [_exactly(each, profile.count) for each in counts]
        else:
            words = list(hidden(counts, profile.count))
        parts = [
            f"{each.name}: {said}{_beside(each)}" for each, said in zip(shown.groups, words, strict=False)
        ]
        return f"By {characteristic.name}: {'; '.join([*parts, f'not known: {words[-1]}'])}."


def _how_many(evidence: Listed) -> str:
    """How many are certain, and how many there may be."""
    certain = sum(each.certain for each in evidence.found)
    may_be_more = evidence.not_asked or evidence.incomplete
    return between(certain, None if may_be_more else len(evidence.found))


def _exactly(count: Count, of: Count) -> str:
    return "none" if count.greatest == 0 else f"{count} of {of}"


def _beside(group: Group) -> str:
    if not group.of_the_area:
        return ""
    share = "not known" if group.percent is None else f"{wording.number_in_words(group.percent)}%"
    return f" (in the area: {share})"


def tell(
    rule: Rule,
    finding: Finding,
    evidence: Iterable[tuple[Show, Evidence]],
    deriver: Deriver,
    small_counts: bool,
) -> tuple[Told, ...]:
    """The evidence that goes with a finding in words; arguments as for `Telling`."""
    telling = Telling(rule, deriver, small_counts)
    return tuple(telling.told(each, show, finding) for show, each in evidence)
