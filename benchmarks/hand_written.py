"""The eleven core rules as one function written by hand: what bigrules is held against.

It is written for speed by somebody who knows these rules and no others, for registers of which every
field is known. Questions that are left to people are answered from the register; where one is not, the rule is
`judgement` if it turns on it. Nothing is kept from one call to the next.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable

Day = datetime.date | None
Ties = dict[str, set[str]]
# Rule, subject ("" for the case as a whole), outcome, and the people concerned in each breach.
Finding = tuple[str, str, str, list[frozenset[str]]]

NOBODY: set[str] = set()

MET, BREACHED, JUDGEMENT, NOT_APPLICABLE = "met", "breached", "judgement", "not applicable"

SIZE = "criteria/minimum-size"
MAJORITY = "criteria/resident-majority"
FAMILY = "conflicts/family-limit"
HOUSEHOLD = "conflicts/household-limit"
OFFICERS = "conflicts/officers-not-related"
VOTING = "conflicts/worker-not-voting-member"
WORKER_OFFICER = "conflicts/worker-related-to-officer"
DECISION_MAKER = "conflicts/worker-not-decision-maker"
DIRECT = "conflicts/decision-direct-interest"
INDIRECT = "conflicts/decision-indirect-interest"
LOYALTY = "conflicts/decision-divided-loyalty"

CORE = (
    SIZE, MAJORITY, FAMILY, HOUSEHOLD, OFFICERS, VOTING, WORKER_OFFICER, DECISION_MAKER, DIRECT, INDIRECT, LOYALTY,
)  # fmt: skip

KIN = frozenset(
    ["married", "civil partners", "unmarried partners", "grandparent", "siblings", "half-siblings"]
)
PARENT = frozenset(["parent", "adoptive parent"])
STEP = frozenset(["step-parent", "step-sibling"])
FRIENDS = frozenset(["friends", "close friends"])
WIDER = frozenset(["in-laws", "cousins", "aunt or uncle", "other relative"])
OFFICES = frozenset(["chair", "vice-chair", "secretary", "treasurer"])
MEMBERS = frozenset(["member", "co-opted member"])
PAID = frozenset(["wage", "fees"])
CONTRACTS = frozenset(["contract", "grant"])
DECIDING = frozenset(["voted", "scored", "chaired"])
INVOLVED = frozenset(["voted", "scored", "chaired", "discussed"])
GAIN = frozenset(["employee", "owner", "supplier", "landlord", "gains money"])
LOYAL = frozenset(["member", "trustee", "committee member"])
VAGUE = frozenset(["vague link", "mass membership"])


class Register:
    """A register already structured: a list of plain tuples for each kind, fields in the order of the vocabulary.

    Args:
        as_of: The day of judging.
        **kinds: The records, by kind.
        answers: (question, subject, answer, day or None) for each that people gave.
    """

    __slots__ = (
        "answers", "as_of", "candidates", "decisions", "homes", "households", "interests", "memberships",
        "offices", "relations", "taking_part", "work",
    )  # fmt: skip

    def __init__(self, as_of: datetime.date, answers: Iterable[tuple] = (), **kinds: Iterable[tuple]) -> None:
        self.as_of = as_of
        self.answers = list(answers)
        for kind in self.__slots__:
            if kind not in ("as_of", "answers"):
                setattr(self, kind, list(kinds.get(kind, ())))


def check(register: Register) -> list[Finding]:
    """Every finding: the outcome of each rule for each subject, and the people concerned.

    Args:
        register: The register; every field in it is known.

    Returns:
        The findings. Of a breach that holds whatever people answer, those concerned whatever they answer.
    """
    findings, doubtful = _check(register, False)
    if not doubtful:
        return findings
    # A `yes` only ever adds ties, duties or residents, so that all `no` and all `yes` are the two extremes.
    merged: list[Finding] = []
    for sure, other in zip(findings, _check(register, True)[0], strict=True):
        if sure[2] == other[2]:
            merged.append(sure)
        else:
            merged.append((sure[0], sure[1], JUDGEMENT, other[3] or sure[3]))
    return merged


def _check(register: Register, generous: bool) -> tuple[list[Finding], bool]:
    """The findings if whatever people have not answered is so or is not, and whether there is any such thing."""
    today = register.as_of
    doubtful = False
    answers = _answers(register.answers, today) if register.answers else {}

    def so(question: str, *about: str) -> bool:
        nonlocal doubtful
        answer = answers.get((question, about))
        if answer is None:
            doubtful = True
            return generous
        return answer

    workers: set[str] = set()
    paid: dict[str, list[tuple[Day, Day]]] = {}
    for person, pay, _, start, until in register.work:
        if pay in PAID or (pay == "single fee" and so("definitions/paid-worker", person)):
            if (start is None or start <= today) and (until is None or today <= until):
                workers.add(person)
            if person in paid:
                paid[person].append((start, until))
            else:
                paid[person] = [(start, until)]

    considered: dict[str, list[str]] = {}
    interests: dict[str, list[tuple[str, str, Day, Day]]] = {}
    if register.interests:
        for decision, organisation, _ in register.candidates:
            if decision in considered:
                considered[decision].append(organisation)
            else:
                considered[decision] = [organisation]
            interests[organisation] = []
        if considered:
            for person, organisation, how, start, until in register.interests:
                if organisation in interests:
                    interests[organisation].append((person, how, start, until))

    # Who did what: only of them the days of membership matter.
    involved_in: dict[str, set[str]] = {}
    deciding_in: dict[str, set[str]] = {}
    acting: set[str] = set()
    for person, decision, how in register.taking_part:
        if how in DECIDING and person in paid:
            if decision in deciding_in:
                deciding_in[decision].add(person)
            else:
                deciding_in[decision] = {person}
        if decision in considered and (
            how in INVOLVED or (how == "silent" and so("definitions/involved", person, decision))
        ):
            acting.add(person)
            if decision in involved_in:
                involved_in[decision].add(person)
            else:
                involved_in[decision] = {person}

    members: set[str] = set()
    both: set[str] = set()
    terms: dict[str, list[tuple[Day, Day]]] = {}
    for person, capacity, vote, start, until in register.memberships:
        if capacity in MEMBERS:
            if (start is None or start <= today) and (until is None or today <= until):
                members.add(person)
                if person in workers and vote == "yes":
                    both.add(person)
            if person in acting:
                if person in terms:
                    terms[person].append((start, until))
                else:
                    terms[person] = [(start, until)]

    inside: set[str] = set()
    outside: set[str] = set()
    for person, in_the_area, start, until in register.homes:
        if person in members and (start is None or start <= today) and (until is None or today <= until):
            if in_the_area == "yes":
                inside.add(person)
            else:
                outside.add(person)
    residents = len(inside)
    for person in inside & outside:
        if not so("definitions/lives-in-the-area", person):
            residents -= 1

    together: dict[str, list[str]] = {}
    for person, household, flat, start, until in register.households:
        if (
            person in members
            and (start is None or start <= today)
            and (until is None or today <= until)
            and (flat == "no" or so("definitions/lives-in-household", person, household))
        ):
            if household in together:
                together[household].append(person)
            else:
                together[household] = [person]

    officers: set[str] = set()
    for person, office, start, until in register.offices:
        if (
            (start is None or start <= today)
            and (until is None or today <= until)
            and (office in OFFICES or so("definitions/position-of-power", person))
        ):
            officers.add(person)

    kin: Ties = {}
    friends: Ties = {}
    parents: Ties = {}
    children: Ties = {}
    links: list[tuple[str, str]] = []
    for person, other, kind in register.relations:
        if person == other:
            continue
        if kind in KIN or (kind in STEP and so("definitions/related", person, other)):
            tied = kin
        elif kind in PARENT:
            parents.setdefault(other, set()).add(person)
            children.setdefault(person, set()).add(other)
            tied = kin
        elif kind in FRIENDS or (kind in WIDER and so("definitions/close", person, other)):
            tied = friends
        else:
            continue
        if person in tied:
            tied[person].add(other)
        else:
            tied[person] = {other}
        if other in tied:
            tied[other].add(person)
        else:
            tied[other] = {person}
        if tied is kin and person in members and other in members:
            links.append((person, other))

    size = len(members)
    majority = MET if 100 * residents >= 51 * size else BREACHED
    families = _families(members, links, children) if children or len(links) > 1 else []
    # Somebody may have two records of one household, and the same people two households.
    shared = list({frozenset(each) for each in together.values() if len(each) > 2})
    shared = [each for each in shared if len(each) > 2]
    powers: set[frozenset[str]] = set()
    hired: set[frozenset[str]] = set()
    if kin and officers:
        for person in officers:
            for other in _relatives(person, officers, kin, parents, children):
                powers.add(frozenset((person, other)))
        for person in workers:
            for other in _relatives(person, officers, kin, parents, children):
                hired.add(frozenset((person, other)))
    found: list[Finding] = [
        (SIZE, "", MET if size >= 8 else BREACHED, []),
        (MAJORITY, "", majority if size else NOT_APPLICABLE, []),
        (FAMILY, "", BREACHED if families else MET, families),
        (HOUSEHOLD, "", BREACHED if shared else MET, shared),
        (OFFICERS, "", BREACHED if powers else MET, list(powers)),
        (VOTING, "", BREACHED if both else MET, [frozenset((each,)) for each in both]),
        (WORKER_OFFICER, "", BREACHED if hired else MET, list(hired)),
    ]

    any_decision = any_contract = False
    for decision, about, day in register.decisions:
        if day > today:
            continue
        any_decision = True
        breaches = []
        if decision in deciding_in:
            for person in deciding_in[decision]:
                if _on(paid[person], day):
                    breaches.append(frozenset((person,)))
        found.append((DECISION_MAKER, decision, BREACHED if breaches else MET, breaches))
        if about not in CONTRACTS:
            continue
        any_contract = True
        if decision not in involved_in:
            found.append((DIRECT, decision, MET, []))
            found.append((INDIRECT, decision, MET, []))
            found.append((LOYALTY, decision, MET, []))
            continue
        involved: set[str] = set()
        for person in involved_in[decision]:
            if person in terms and _on(terms[person], day):
                involved.add(person)
        direct: set[str] = set()
        loyal: set[str] = set()
        for organisation in considered[decision]:
            for person, how, start, until in interests[organisation]:
                if (start is None or start <= day) and (until is None or day <= until):
                    if how in GAIN:
                        direct.add(person)
                    elif person in involved and (
                        how in LOYAL or (how in VAGUE and so("definitions/divided-loyalty", person, decision))
                    ):
                        loyal.add(person)
        ties: set[frozenset[str]] = set()
        for person in direct:
            if person in kin:
                for other in _relatives(person, involved, kin, parents, children):
                    ties.add(frozenset((person, other)))
            if person in friends:
                for other in friends[person]:
                    if other in involved:
                        ties.add(frozenset((person, other)))
        breaches = [frozenset((each,)) for each in direct & involved]
        found.append((DIRECT, decision, BREACHED if breaches else MET, breaches))
        found.append((INDIRECT, decision, BREACHED if ties else MET, list(ties)))
        breaches = [frozenset((each,)) for each in loyal]
        found.append((LOYALTY, decision, BREACHED if breaches else MET, breaches))
    if not any_decision:
        found.append((DECISION_MAKER, "", NOT_APPLICABLE, []))
    if not any_contract:
        found += [(rule, "", NOT_APPLICABLE, []) for rule in (DIRECT, INDIRECT, LOYALTY)]
    return found, doubtful


def _relatives(person: str, wanted: set[str], kin: Ties, parents: Ties, children: Ties) -> set[str]:
    """Those among some people to whom somebody is related; whoever has a parent or child has kin."""
    if person not in kin:
        return NOBODY
    found = kin[person] & wanted
    if parents:
        for parent in parents.get(person, ()):
            found |= children[parent] & wanted
            if parent in parents:
                found |= parents[parent] & wanted
        for child in children.get(person, ()):
            if child in children:
                found |= children[child] & wanted
        found.discard(person)
    return found


def _on(spells: list[tuple[Day, Day]], day: datetime.date) -> bool:
    """Whether a day is in one of some spells; first and last day count."""
    for start, until in spells:  # noqa: SIM110 (a loop is faster than a generator)
        if (start is None or start <= day) and (until is None or day <= until):
            return True
    return False


def _families(members: set[str], links: list[tuple[str, str]], children: Ties) -> list[frozenset[str]]:
    """Members joined by a chain of relations among members, where there are more than two."""
    group_of: dict[str, list[str]] = {}
    large = False

    def join(one: str, two: str) -> None:
        nonlocal large
        first, second = group_of.get(one), group_of.get(two)
        if first is None and second is None:
            group_of[one] = group_of[two] = [one, two]
        elif first is None:
            assert second is not None
            second.append(one)
            group_of[one] = second
            large = True
        elif second is None:
            first.append(two)
            group_of[two] = first
            large = True
        elif first is not second:
            # The smaller goes into the larger, so that a long chain in any order stays cheap.
            if len(first) < len(second):
                first, second = second, first
            first += second
            for each in second:
                group_of[each] = first
            large = True

    for person, other in links:
        join(person, other)
    for parent, siblings in children.items():
        if len(siblings) > 1:
            before = ""
            for each in siblings:
                if each in members:
                    if before:
                        join(before, each)
                    before = each
        if parent in members:
            for child in siblings:
                for grandchild in children.get(child, ()):
                    if grandchild in members and grandchild != parent:
                        join(parent, grandchild)
    if not large:
        return []
    distinct = {id(each): each for each in group_of.values()}
    return [frozenset(each) for each in distinct.values() if len(each) > 2]


def _answers(given: list[tuple], today: datetime.date) -> dict[tuple[str, tuple[str, ...]], bool]:
    """What people have answered by the day of judging; the latest counts, of a pair whichever way round."""
    found: dict[tuple[str, tuple[str, ...]], bool] = {}
    for question, about, answer, day in sorted(given, key=lambda each: each[3] or datetime.date.min):
        if day is None or day <= today:
            found[question, about] = answer == "yes"
            if question in ("definitions/related", "definitions/close"):
                found[question, about[::-1]] = answer == "yes"
    return found
