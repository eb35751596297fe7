"""What one record more can do to each shipped rule, worked out by hand from what the rule asks for.

A rule that is not here, or a kind of fact that it reads and that is not beside it, fails a test: whoever
adds a rule enters here what may break and what may mend it.
"""

from __future__ import annotations

import attrs

from bigrules.language.model import Rulebook
from oracle.reads import reads

BREAKS = "may break it and never mends it"
MENDS = "may mend it and never breaks it"
EITHER = "may do either"
NOTHING = "makes no difference"


@attrs.frozen
class Effect:
    """What one certain record more of a kind can do to a rule.

    Args:
        way: BREAKS, MENDS, EITHER or NOTHING.
        field: Only records with one of some values in this field; "" for all records.
        values: These values.
        because: Why it may do either.
    """

    way: str
    field: str = ""
    values: tuple[str, ...] = ()
    because: str = ""


Effects = dict[str, tuple[Effect, ...]]

breaks, mends = (Effect(BREAKS),), (Effect(MENDS),)


def split(field: str, because: str = "", /, **ways: tuple[str, ...]) -> tuple[Effect, ...]:
    """It turns on what stands in a field."""
    names = {"breaks": BREAKS, "mends": MENDS, "either": EITHER, "nothing": NOTHING}
    return tuple(
        Effect(names[each], field, values, because if each == "either" else "")
        for each, values in ways.items()
    )


# ---------------------------------------------------------------- what values do

HOMES = split("in the area", mends=("yes",), breaks=("no",))
COUNTED, NOT_COUNTED = ("member", "co-opted member"), ("observer", "organisation")
# A member more; who is not counted as one makes no difference.
MEMBER_BREAKS = split("capacity", breaks=COUNTED, nothing=NOT_COUNTED)
PAID = split("pay", breaks=("wage", "fees", "single fee"), nothing=("expenses only", "unpaid"))

# Step-relations are kin if people say so.
KIN = (
    *("married", "civil partners", "unmarried partners", "parent", "adoptive parent", "grandparent"),
    *("siblings", "half-siblings", "step-parent", "step-sibling"),
)
WIDER = ("aunt or uncle", "cousins", "other relative")
FRIENDS = ("friends", "close friends")
KIN_BREAKS = split("kind", breaks=KIN, nothing=(*WIDER, *FRIENDS, "in-laws", "former partners"))

GAIN = ("employee", "owner", "supplier", "landlord", "gains money")
LOYALTY = ("member", "trustee", "committee member", "vague link", "mass membership")
DECIDING, ADVISING = ("voted", "scored", "chaired"), ("advised", "took minutes")
AWAY = ("declared and left", "absent")


def on_decisions(gain: tuple[str, ...], other: tuple[str, ...]) -> Effects:
    """What touches a rule on who is involved in contracts and grants, by the interests that matter."""
    return {
        "decisions": split("about", breaks=("contract", "grant"), nothing=("other",)),
        "taking part": split("how", breaks=(*DECIDING, "discussed", "silent"), nothing=(*ADVISING, *AWAY)),
        "candidates": breaks,
        "interests": split("how", breaks=gain, nothing=other),
        "memberships": MEMBER_BREAKS,
    }


DOCUMENTS = (*("vision", "plan", "code of conduct", "conflicts policy", "governing arrangements", "other"),)
DONE = (
    *("oversaw delivery", "collected evidence", "reviewed the plan", "reviewed the partnership"),
    *("gathered views", "other"),
)
TOPICS = ("paid workers", "families", "positions of power", "procurement and grants", "other")
PARTNERS = (
    *("locally trusted organisation", "rep", "local organisation", "business", "public agency"),
    *("councillor", "other"),
)
QUESTIONS = (
    *("reflects the community", "followed its own policies", "in line with ethos and values"),
    "conforms to the conflicts guidance",
)
BUDGET = ("training", "volunteer costs", "other")


def one(way: str, field: str, every: tuple[str, ...], *values: str) -> tuple[Effect, ...]:
    """Only these values do something, and the others nothing."""
    rest = tuple(each for each in every if each not in values)
    return (Effect(way, field, values), Effect(NOTHING, field, rest))


def document(way: str, *values: str) -> tuple[Effect, ...]:
    """What only some documents do."""
    return one(way, "document", DOCUMENTS, *values)


def policy(topic: str) -> Effects:
    """A policy has to cover a topic as soon as there is one."""
    return {
        "documents": document(BREAKS, "conflicts policy"),
        "policy topics": one(MENDS, "topic", TOPICS, topic),
    }


def with_a_plan(done: str) -> Effects:
    """A plan asks for something to be done."""
    return {"documents": document(BREAKS, "plan"), "activities": one(MENDS, "what", DONE, done)}


def answers(question: str) -> Effects:
    """A review has to answer a question."""
    return {"review answers": one(MENDS, "question", QUESTIONS, question)}


TAKEN_ALONE = split("taken by", breaks=("others alone",), nothing=("the partnership", "others as agreed"))

# ---------------------------------------------------------------- the table

EFFECTS: dict[str, Effects] = {
    "criteria/minimum-size": {"memberships": split("capacity", mends=COUNTED, nothing=NOT_COUNTED)},
    "criteria/resident-majority": {
        "memberships": split(
            "capacity", "a member more may live in the area or not", either=COUNTED, nothing=NOT_COUNTED
        ),
        "homes": HOMES,
    },
    "criteria/reflects-the-area": {},
    "criteria/own-right": {
        "memberships": breaks,
        "public offices": split("office", breaks=("councillor",), nothing=("other",)),
    },
    "conflicts/transparent-organisation": {},
    "conflicts/aware-and-avoided": {},
    "conflicts/policy-covers-families": policy("families"),
    "conflicts/policy-covers-power": policy("positions of power"),
    "conflicts/policy-covers-procurement": policy("procurement and grants"),
    "conflicts/policy-covers-workers": policy("paid workers"),
    "conflicts/worker-not-decision-maker": {
        "decisions": breaks,
        "taking part": split("how", breaks=DECIDING, nothing=(*ADVISING, *AWAY, "discussed", "silent")),
        "work": PAID,
    },
    "conflicts/worker-not-voting-member": {"memberships": MEMBER_BREAKS, "work": PAID},
    "conflicts/family-limit": {"memberships": MEMBER_BREAKS, "relations": KIN_BREAKS},
    "conflicts/household-limit": {"memberships": MEMBER_BREAKS, "households": breaks},
    "conflicts/officers-not-related": {"offices": breaks, "relations": KIN_BREAKS},
    "conflicts/worker-related-to-officer": {"offices": breaks, "relations": KIN_BREAKS, "work": PAID},
    "conflicts/care-about-officers": {
        "offices": breaks,
        "work": PAID,
        "households": breaks,
        # Those who are related are a matter for the rules above, and no more one for care.
        "relations": split(
            "kind", breaks=("in-laws", "former partners"), mends=KIN, nothing=(*WIDER, *FRIENDS)
        ),
    },
    "conflicts/care-about-workers": {
        "memberships": MEMBER_BREAKS,
        "relations": KIN_BREAKS,
        "work": PAID,
        # Whoever comes into a position of power is a matter for the rule on workers and officers.
        "offices": mends,
    },
    "conflicts/decision-direct-interest": on_decisions(GAIN, LOYALTY),
    "conflicts/decision-divided-loyalty": on_decisions(LOYALTY, GAIN),
    "conflicts/decision-indirect-interest": {
        **on_decisions(GAIN, LOYALTY),
        "relations": split("kind", breaks=(*KIN, *WIDER, *FRIENDS, "in-laws"), nothing=("former partners",)),
    },
    "review/sent-in-window": {"reviews": mends},
    "review/members-described": {
        "memberships": split(
            "capacity",
            "a member more has to be described, and the row says in what capacity they take part",
            either=COUNTED,
            mends=NOT_COUNTED,
        ),
        "offices": mends,
        "homes": mends,
    },
    "review/every-member-signed": {"memberships": MEMBER_BREAKS, "membership forms": mends},
    "review/answers-reflects": answers("reflects the community"),
    "review/answers-policies": answers("followed its own policies"),
    "review/answers-values": answers("in line with ethos and values"),
    "review/answers-conflicts": answers("conforms to the conflicts guidance"),
    "review/through-channel": {
        "reviews": split("channel", mends=("Big Local Community",), breaks=("email", "post", "other"))
    },
    "review/say-what-will-be-done": {
        "told Local Trust": mends,
        "memberships": split(
            "capacity",
            "a member more mends the size, and may break the majority",
            either=COUNTED,
            nothing=NOT_COUNTED,
        ),
        "homes": HOMES,
    },
    "role/shared-vision": {"documents": document(MENDS, "vision")},
    "role/big-local-plan": {"documents": document(MENDS, "plan")},
    "role/oversees-delivery": with_a_plan("oversaw delivery"),
    "role/collects-evidence": with_a_plan("collected evidence"),
    "role/reviews-plan": with_a_plan("reviewed the plan"),
    "role/reviews-partnership": {"activities": one(MENDS, "what", DONE, "reviewed the partnership")},
    "role/follow-on-plan": {
        "documents": split(
            "document",
            "a plan that is over asks for one to follow, and one in force is that one",
            either=("plan",),
            nothing=tuple(each for each in DOCUMENTS if each != "plan"),
        )
    },
    "role/brings-views-together": {"activities": one(MENDS, "what", DONE, "gathered views")},
    "role/overall-decisions": {"decisions": TAKEN_ALONE},
    "role/resident-led": {},
    "role/continuing-opportunity": {},
    "role/works-with-trusted-organisation": {
        "partners": one(MENDS, "with", PARTNERS, "locally trusted organisation")
    },
    "role/works-with-rep": {"partners": one(MENDS, "with", PARTNERS, "rep")},
    "role/connects-with-others": {"partners": one(MENDS, "with", PARTNERS, *PARTNERS[2:])},
    "expectations/range-of-people": {},
    "expectations/open-and-transparent": {},
    "expectations/decisions-recorded": {"decisions": split("recorded", breaks=("no",), nothing=("yes",))},
    "expectations/decisions-communicated": {
        "decisions": split("communicated", breaks=("no",), nothing=("yes",))
    },
    "expectations/values-and-ethos": {},
    "expectations/own-rules": {"documents": document(BREAKS, "code of conduct", "governing arrangements")},
    "expectations/conflicts-managed": {},
    "expectations/misuse-reported": {
        "concerns": split("about", breaks=("misuse of funds",), nothing=("conduct", "other"))
    },
    "expectations/code-of-conduct": {"documents": document(MENDS, "code of conduct")},
    "expectations/conflicts-policy": {"documents": document(MENDS, "conflicts policy")},
    "expectations/care-for-each-other": {},
    "expectations/load-shared": {},
    "delivering/decides-on-money": {"decisions": TAKEN_ALONE},
    "delivering/comfortable-with-process": {},
    "support/budget-for-training": {"budget": one(MENDS, "for", BUDGET, "training")},
    "support/budget-for-volunteers": {"budget": one(MENDS, "for", BUDGET, "volunteer costs")},
}


def lists_read(rulebook: Rulebook, rule: str) -> set[str]:
    """The lists of a register that a rule reads, through whatever it names; what follows from the day is none."""
    vocabulary = rulebook.vocabulary
    return {vocabulary.asked_under(each) for each in reads(rulebook, {rule}).columns} & set(vocabulary.given)
