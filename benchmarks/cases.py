"""The cases that are measured. Everybody in them is made up."""

from __future__ import annotations

import copy
import datetime
import random
from collections.abc import Callable
from typing import Any

from benchmarks.hand_written import Register
from bigrules.facts.case import BY_NOW, UNKNOWN, Case, Fact
from bigrules.language.model import Rulebook

Plain = dict[str, Any]

AS_OF = datetime.date(2018, 6, 1)
START = datetime.date(2016, 3, 1)
ORDERS = ("ascending", "descending", "random")

MEMBERS = [
    "Ann Example", "Bob Sample", "Cara Specimen", "Dan Placeholder", "Eve Instance", "Finn Madeup", "Gwen Pretend",
    "Hugo Mock", "Iris Notreal", "Jack Imaginary", "Kay Fictional", "Liam Invented",
]  # fmt: skip
OTHERS = [
    "Mona Dummy", "Olga Councillor", "Pat Councillor", "Wanda Prototype", "Will Standin", "Yan Offstage", "Zoe Curtain",
]  # fmt: skip


def twelve() -> Plain:
    """A partnership of twelve members, of which everything is known, as a plain dict: five rules are breached."""

    def rows(*names: str) -> Callable[..., list[Plain]]:
        return lambda *each: [dict(zip(names, row, strict=False)) for row in each]

    dated = {"from": "2016-03-01"}
    return {
        "people": [{"person": each} for each in MEMBERS + OTHERS],
        "memberships": [
            *({"person": each, "capacity": "member", "voting": "yes", **dated} for each in MEMBERS),
            *(
                {"person": each, "capacity": "observer", "voting": "no", "from": "2017-05-08"}
                for each in ("Olga Councillor", "Pat Councillor")
            ),
            # A member who has left, after one of the decisions.
            {"person": "Mona Dummy", "capacity": "member", "voting": "yes", **dated, "until": "2018-03-31"},
        ],
        "homes": [
            {"person": each, "in the area": "no" if at in (3, 4, 5, 6, 7, 14, 15) else "yes", **dated}
            for at, each in enumerate(MEMBERS + OTHERS)
        ],
        "households": [
            {**row, "separate flat": "no", **dated}
            for row in rows("person", "household")(
                ("Ann Example", "12 Weir Street"),
                ("Bob Sample", "12 Weir Street"),
                ("Hugo Mock", "4 Lock Cottages"),
                ("Iris Notreal", "4 Lock Cottages"),
                ("Jack Imaginary", "4 Lock Cottages"),
                ("Kay Fictional", "30 Towpath"),
                ("Mona Dummy", "30 Towpath"),
                ("Yan Offstage", "7 Mill Lane"),
            )
        ],
        "relations": rows("person", "other", "kind")(
            ("Ann Example", "Bob Sample", "married"),
            ("Ann Example", "Zoe Curtain", "parent"),
            ("Bob Sample", "Zoe Curtain", "parent"),
            ("Dan Placeholder", "Eve Instance", "half-siblings"),
            ("Finn Madeup", "Gwen Pretend", "parent"),
            ("Hugo Mock", "Iris Notreal", "unmarried partners"),
            ("Cara Specimen", "Yan Offstage", "friends"),
            ("Kay Fictional", "Liam Invented", "former partners"),
            ("Wanda Prototype", "Will Standin", "siblings"),
        ),
        "offices": [
            {**row, "from": "2017-09-04"}
            for row in rows("person", "office")(
                ("Ann Example", "chair"),
                ("Finn Madeup", "vice-chair"),
                ("Eve Instance", "secretary"),
                ("Dan Placeholder", "treasurer"),
            )
        ],
        "work": [
            {**row, "from": "2017-01-09"}
            for row in rows("person", "pay", "route")(
                ("Will Standin", "wage", "locally trusted organisation"),
                ("Wanda Prototype", "fees", "sub-contract"),
                ("Mona Dummy", "expenses only", "other"),
            )
        ],
        "decisions": [
            {**row, "taken by": "the partnership", "recorded": "yes", "communicated": "yes"}
            for row in rows("decision", "about", "day")(
                ("playground contract", "contract", "2018-02-12"),
                ("summer fund", "grant", "2018-04-16"),
                ("café lease", "contract", "2018-05-14"),
                ("new logo", "other", "2018-05-14"),
            )
        ],
        "taking part": rows("person", "decision", "how")(
            ("Ann Example", "playground contract", "declared and left"),
            ("Dan Placeholder", "playground contract", "voted"),
            ("Finn Madeup", "playground contract", "chaired"),
            ("Hugo Mock", "playground contract", "voted"),
            ("Mona Dummy", "playground contract", "voted"),
            ("Will Standin", "playground contract", "scored"),
            ("Ann Example", "summer fund", "chaired"),
            ("Bob Sample", "summer fund", "voted"),
            ("Jack Imaginary", "summer fund", "voted"),
            ("Kay Fictional", "summer fund", "declared and left"),
            ("Mona Dummy", "summer fund", "voted"),
            ("Will Standin", "summer fund", "took minutes"),
            ("Ann Example", "café lease", "chaired"),
            ("Cara Specimen", "café lease", "voted"),
            ("Iris Notreal", "café lease", "declared and left"),
            ("Gwen Pretend", "new logo", "chaired"),
            ("Wanda Prototype", "new logo", "advised"),
        ),
        "candidates": rows("decision", "organisation", "chosen")(
            ("playground contract", "Swing Works", "yes"),
            ("playground contract", "Slide & Daughters", "no"),
            ("summer fund", "Chess Circle", "yes"),
            ("summer fund", "Riverside Gym", "no"),
            ("café lease", "Lock Café", "yes"),
            ("café lease", "Towpath Tea", "no"),
        ),
        "interests": [
            {**row, "from": "2015-08-03"}
            for row in rows("person", "organisation", "how", "until")(
                ("Hugo Mock", "Slide & Daughters", "employee"),
                ("Zoe Curtain", "Swing Works", "employee"),
                ("Kay Fictional", "Chess Circle", "trustee"),
                ("Iris Notreal", "Lock Café", "owner"),
                ("Yan Offstage", "Lock Café", "employee"),
                ("Dan Placeholder", "Swing Works", "supplier", "2018-02-11"),
            )
        ],
        "public offices": [],
        "profiles": [],
        "area profile": [],
        "documents": [
            {"document": each, **dated}
            for each in ("vision", "plan", "code of conduct", "conflicts policy", "governing arrangements")
        ],
        "policy topics": [
            {"topic": each}
            for each in ("paid workers", "families", "positions of power", "procurement and grants")
        ],
        "activities": rows("what", "day")(
            ("oversaw delivery", "2018-04-16"),
            ("collected evidence", "2018-04-16"),
            ("reviewed the plan", "2018-05-14"),
            ("reviewed the partnership", "2018-05-14"),
            ("gathered views", "2017-11-06"),
        ),
        "partners": [{"with": each, **dated} for each in ("locally trusted organisation", "rep", "business")],
        "concerns": [],
        "budget": [{"for": each, **dated} for each in ("training", "volunteer costs")],
        "membership forms": [{"person": each, "day": "2017-10-02"} for each in MEMBERS],
        "reviews": [{"year": 2017, "day": "2017-10-16", "channel": "Big Local Community"}],
        "review answers": [
            {"year": 2017, "question": each, "answer": "yes", "day": "2017-10-16", "why": "as seen"}
            for each in (
                "reflects the community",
                "followed its own policies",
                "in line with ethos and values",
                "conforms to the conflicts guidance",
            )
        ],
        "told Local Trust": rows("by", "what", "day", "words")(
            ("the partnership", "actions", "2018-02-12", "an open evening"),
            ("the partnership", "timeline", "2018-02-12", "by September"),
            ("the rep", "actions", "2018-02-12", "an open evening"),
            ("the rep", "timeline", "2018-02-12", "by September"),
        ),
    }


def three_unknowns() -> Plain:
    """The same partnership, with a home, a relation and a household that are not known: two rules turn on them."""
    plain = copy.deepcopy(twelve())
    plain["homes"][10]["in the area"] = "?"
    plain["relations"].append(
        {"person": "Bob Sample", "other": "Cara Specimen", "kind": "siblings", "certain": "no"}
    )
    plain["households"][5]["household"] = "?"
    return plain


def one_list_not_known() -> Plain:
    """The same partnership, where there may be further interests of one person."""
    return {**twelve(), "incomplete": [{"kind": "interests", "about": "Cara Specimen"}]}


def changed(rulebook: Rulebook, case: Case, number: int) -> Case:
    """The case with one field of one record changed, a different one for each number: as a register comes in again.

    It is one that the core rules may read.
    """
    facts = list(case.facts)
    chance = random.Random(number)
    while True:
        at = chance.randrange(len(facts))
        kind = rulebook.vocabulary.kinds[facts[at].kind]
        read = WITHOUT.get(kind.name, tuple)(tuple(each.name for each in kind.fields))
        choices = [
            (i, each.type.choices) for i, each in enumerate(kind.fields) if each.type.choices and each.name in read
        ]
        if choices and kind.name.replace(" ", "_") in Register.__slots__:
            break
    column, values = chance.choice(choices)
    row = list(facts[at].values)
    row[column] = chance.choice(values)
    facts[at] = Fact(facts[at].kind, tuple(row), facts[at].possible, facts[at].place)
    return Case(case.name, case.as_of, tuple(facts), case.asked)


def grown(rulebook: Rulebook, members: int, chain: str = "", chance: int = 1) -> Case:
    """A partnership of so many members; everything else grows with them.

    Args:
        rulebook: The shipped rules.
        members: How many members.
        chain: In which order the links of one family of a quarter of the members are recorded; "" for no such family.
        chance: Seed of what is at random.
    """
    pick = random.Random(chance)
    people = [f"p{at:06}" for at in range(members)]
    others = [f"q{at:06}" for at in range(members // 5 + 2)]
    facts = [Fact("people", (each,)) for each in people + others]
    facts += [Fact("memberships", (each, "member", "yes", "not said", START, None)) for each in people]
    facts += [
        Fact("homes", (each, pick.choice(["yes", "yes", "no"]), START, None)) for each in people + others
    ]
    facts += [
        Fact("households", (people[at], f"h{at // 2}", "no", START, None)) for at in range(0, members, 3)
    ]
    quarter = members // 4
    if chain:
        links = [(people[at], people[at + 1]) for at in range(quarter - 1)]
        if chain == "descending":
            links.reverse()
        elif chain == "random":
            pick.shuffle(links)
        facts += [Fact("relations", (*each, "siblings")) for each in links]
    # Couples among the rest, and ties to people outside.
    facts += [
        Fact("relations", (people[at], people[at + 1], "married")) for at in range(quarter, members - 1, 4)
    ]
    facts += [
        Fact("relations", (people[-1 - at], others[at], pick.choice(["parent", "friends", "cousins"])))
        for at in range(members // 8)
        if people[-1 - at] not in people[:quarter]
    ]
    facts += [
        Fact("offices", (people[at], office, START, None))
        for at, office in enumerate(["chair", "vice-chair", "secretary", "treasurer"])
    ]
    facts += [Fact("work", (others[-1], "wage", "other", START, None))]
    for number in range(max(1, members // 10)):
        name, day = f"d{number}", START + datetime.timedelta(days=number % 700)
        about = pick.choice(["contract", "grant", "other"])
        facts.append(Fact("decisions", (name, about, day, "the partnership", "yes", "yes")))
        facts += [Fact("taking part", (each, name, "voted")) for each in pick.sample(people, 5)]
        facts += [Fact("candidates", (name, f"o{number}-{at}", "no")) for at in range(2)]
        facts.append(Fact("interests", (pick.choice(people), f"o{number}-0", "owner", START, None)))
    facts = [each for each in facts if "cousins" not in each.values]
    return Case("grown", AS_OF, tuple(facts), frozenset(rulebook.vocabulary.kinds))


# Rows without the fields that the core rules do not read.
WITHOUT: dict[str, Callable[[tuple[Any, ...]], tuple[Any, ...]]] = {
    "memberships": lambda row: (*row[:3], *row[-2:]),
    "decisions": lambda row: row[:3],
}


def register_of(case: Case) -> Register:
    """The case as the function written by hand takes it."""
    kinds: dict[str, list[tuple[Any, ...]]] = {}
    for fact in case.facts:
        kind = fact.kind.replace(" ", "_")
        if kind in Register.__slots__:
            row = WITHOUT.get(kind, tuple)(fact.values)
            known = not fact.possible and UNKNOWN not in row and BY_NOW not in row
            assert known, f"the function that is written by hand needs to know everything, and not {fact}"
            hash(row)  # reading looks each name up, so that its hash is known by then
            kinds.setdefault(kind, []).append(row)
    answers = [(each.question, each.subject, each.answer, each.when) for each in case.answers]
    return Register(case.as_of, answers, **kinds)
