"""What a new rule or definition could say, with examples that show it."""

from __future__ import annotations

from collections.abc import Iterable

import attrs

from bigrules.language.sentences import does_not_matter, slots_of
from bigrules.tools.new_files import refused
from bigrules.tools.new_sentences import Said, another, value_of
from bigrules.tools.new_yaml import Flow, block, comment, scalar

# How many sentences are tried before it is said that none fits.
MOST_TRIES = 8
_AGAIN, _LAST_DAY, _DAY_BEFORE = "1 year", "2017-06-01", "2017-05-31"

Given = list[object]


@attrs.frozen
class Sketch:
    """What a new file could say.

    Args:
        lines: Its lines between the head and the examples.
        examples: Name, what is given, and what comes out.
        must: The names of those examples that have to hold; others are left out where they do not.
        same: Slots for things of one sort, of which it may have to be said whether two may be one.
    """

    lines: tuple[str, ...]
    examples: tuple[tuple[str, Given, object], ...]
    must: frozenset[str]
    same: tuple[str, ...] = ()


def values_for(sentences: Iterable[Said]) -> dict[str, str]:
    """A value for every slot that matters, the same wherever its word stands; two things have two names."""
    values: dict[str, str] = {}
    counts: dict[str, int] = {}
    for said in sentences:
        for slot, field in zip(said.slots, said.fields, strict=True):
            if slot in values or does_not_matter(slot):
                continue
            if field.type.is_thing:
                number = counts.get(field.type.name, 0)
                counts[field.type.name] = number + 1
                values[slot] = another(field, number) or value_of(field)
            else:
                values[slot] = value_of(field)
    return values


def alike(sentences: Iterable[Said]) -> tuple[str, ...]:
    """The slots that hold things of a sort of which there are several."""
    types = {slot: said.type(slot) for said in sentences for slot in said.things()}
    found = list(types.values())
    return tuple(slot for slot, type_ in types.items() if found.count(type_) > 1)


def _each(subjects: list[Said]) -> list[str]:
    if not subjects:
        return []
    texts = [each.text for each in subjects]
    said = comment("Of whom or what there is a finding each.")
    return [*said, *block({"for each": texts[0] if len(texts) == 1 else texts})]


_SENTENCES = "the sentences that there are: `bigrules show vocabulary`."


def _linked(said: Said, subjects: list[Said]) -> Said | None:
    """A sentence that speaks of what `for each` binds, or None."""
    words: dict[int, str] = {}
    for subject in subjects:
        for slot in subject.things():
            for at, field in enumerate(said.fields):
                if field.type == subject.type(slot) and at not in words and slot not in words.values():
                    words[at] = slot
    return said.with_slots(words) if words else None


def _people_first(known: Iterable[Said]) -> list[Said]:
    """Sentences that say one thing of one thing: those that say who belongs, then others."""
    alone = [each for each in known if len(each.slots) == 1 and each.things()]
    return sorted(
        alone, key=lambda each: (each.type(each.slots[0]).name != "person", "member" not in each.text)
    )


def conditions(known: list[Said], subjects: list[Said], required: bool) -> list[Sketch]:
    """A rule that requires or does not allow what a sentence says."""
    found: list[Sketch] = []
    chosen = [subjects] if subjects else [[each] for each in _people_first(known)[:2]]
    alone = [each.with_slots({}) for each in known]
    if not subjects and alone and not alone[0].slots and alone[0].alike:
        # Nothing is likelier to be meant than a sentence without slots that has the words of the id.
        found.append(_plain(alone.pop(0), required))
    for each in chosen:
        own = {one.of for one in each}
        # Two sentences of one kind speak of one row more often than not, so that one of them alone says both.
        for said in sorted(known, key=lambda one: one.of in own):
            linked = _linked(said, each)
            if linked is not None and linked.text not in {one.text for one in each}:
                found.append(_of_each(each, linked, required))
    if not subjects:
        found += [_plain(each, required) for each in sorted(alone, key=lambda one: len(one.slots))]
    else:
        # Where nothing speaks of the same things, the rule asks for something else.
        taken = {each.of for each in subjects}
        rest = [each for each in alone if each.of not in taken]
        found += [_of_each(subjects, each, required) for each in rest]
    if not found:
        raise _no_sentence()
    return found[:MOST_TRIES]


def _no_sentence() -> Exception:
    help = "make a kind of fact first, such as `bigrules new fact memberships`, or take `--form ask`"
    return refused("no-sentence", "the vocabulary has no sentence that the rule could use", "--form", help)


def _requires(required: bool) -> tuple[str, list[str]]:
    if required:
        return "required", comment(f"What has to hold; {_SENTENCES}")
    return "not allowed", comment(f"What must not be; {_SENTENCES}")


def _of_each(subjects: list[Said], said: Said, required: bool) -> Sketch:
    key, words = _requires(required)
    values = values_for(subjects)
    each = [one.stated(values) for one in subjects]
    does = said.stated(values)
    met, breached = ([*each, does], each) if required else (each, [*each, does])
    return Sketch(
        ("", *_each(subjects), *words, f"{key}: {scalar(said.text)}"),
        (
            ("it is so" if required else "it is not so", list[object](met), "met"),
            ("it is not so" if required else "it is so", list[object](breached), "breached"),
            ("whether it is so is not recorded", [*each, {"not recorded": does}], "undecided"),
            ("nothing that it is about", [does], "not applicable"),
        ),
        frozenset({"it is so", "it is not so"}),
        alike([*subjects, said]),
    )


def _plain(said: Said, required: bool) -> Sketch:
    key, words = _requires(required)
    does = said.stated({})
    outcomes = ("met", "breached") if required else ("breached", "met")
    return Sketch(
        ("", *words, f"{key}: {scalar(said.text)}"),
        (
            ("it is so", [does], outcomes[0]),
            ("it is not so", [], outcomes[1]),
            ("whether it is so is not recorded", [{"not recorded": does}], "undecided"),
        ),
        frozenset({"it is so", "it is not so"}),
    )


def measures(known: list[Said], subjects: list[Said]) -> list[Sketch]:
    """A rule that counts."""
    found: list[Sketch] = []
    bound = {slot for each in subjects for slot in each.slots}
    own = {each.of for each in subjects}
    order = [*_people_first(known), *(each for each in known if len(each.slots) > 1)]
    for said in sorted(order, key=lambda one: one.of in own):
        linked = _linked(said, subjects)
        if linked is None:
            continue
        # Of what the sentence speaks of besides, the first that can differ is counted, and best a thing.
        kept = {at: word for at, word in enumerate(linked.slots) if word in bound}
        free = [at for at, slot in enumerate(said.slots) if at not in kept and slot not in bound]
        for at in sorted(free, key=lambda one: not said.fields[one].type.is_thing):
            if another(said.fields[at], 1) is not None:
                found.append(
                    _counting(subjects, said.with_slots({**kept, at: said.slots[at]}), said.slots[at])
                )
                break
    for said in order:
        if said.things() and said.of not in own:
            slot = said.things()[0]
            word = slot if slot not in bound else f"other {slot}"
            found.append(_counting(subjects, said.with_slots({said.slots.index(slot): word}), word))
    if not found:
        raise _no_sentence()
    return found[:MOST_TRIES]


def _counting(subjects: list[Said], said: Said, slot: str) -> Sketch:
    values = values_for(subjects)
    each = [one.stated(values) for one in subjects]
    field = said.fields[said.slots.index(slot)]
    same = [word for one in subjects for word in one.things() if one.type(word) == field.type]
    start = len(dict.fromkeys(same))
    two = [said.stated({**values, slot: another(field, start + at) or value_of(field)}) for at in range(2)]
    measure = {"number of": f"<{slot}>", "among": said.text, "at least": "2"}
    examples: list[tuple[str, Given, object]] = [
        ("two are enough", [*each, *two], "met"),
        ("one is too few", [*each, two[0]], "breached"),
        ("none at all", list[object](each), "breached"),
        ("one, and one more who may be counted", [*each, two[0], {"not recorded": two[1]}], "undecided"),
    ]
    if subjects:
        examples.append(("nothing that it is about", list[object](two), "not applicable"))
    words = comment("What is counted, among whom or what, and a limit such as `at least` or `at most`.")
    lines = ["", *_each(subjects), *words, *block({"required": measure})]
    return Sketch(
        tuple(lines),
        tuple(examples),
        frozenset({"two are enough", "one is too few"}),
        alike([*subjects, said]),
    )


def asking(id: str, known: list[Said], subjects: list[Said]) -> list[Sketch]:
    """A rule that people answer."""
    values = values_for(subjects)
    each: list[object] = [one.stated(values) for one in subjects]
    about = [
        values[slot] for slot in dict.fromkeys(s for one in subjects for s in one.slots) if slot in values
    ]

    def answered(answer: str, when: str) -> object:
        asked = Flow(question=id)
        if about:
            asked["about"] = about
        return {"answer": Flow(asked, answer=answer, when=when)}

    examples: list[tuple[str, Given, object]] = [
        ("nobody was asked", each, "judgement"),
        ("people say that it is so", [*each, answered("yes", "2018-05-01")], "met"),
        ("people say that it is not so", [*each, answered("no", "2018-05-01")], "breached"),
        ("the answer is a year old", [*each, answered("yes", _LAST_DAY)], "met"),
        ("the answer is older than a year", [*each, answered("yes", _DAY_BEFORE)], "judgement"),
    ]
    if subjects:
        examples.append(("nothing that it is about", [], "not applicable"))
    lines = (
        "",
        *_each(subjects),
        *comment("The question that people answer: yes means met, no means breached."),
        "ask: Is it as the rule says?",
        *comment("How long an answer counts; without this line it counts for good."),
        f"asked again after: {_AGAIN}",
    )
    return [Sketch(lines, tuple(examples), frozenset(name for name, _, _ in examples[:3]), alike(subjects))]


def fitting(known: Iterable[Said], says: str) -> Iterable[Said]:
    """Sentences that a definition could rest on: with its slots, or with one thing where it has none yet."""
    own = slots_of(says)
    for said in known:
        if not says:
            if said.things():
                yield said.with_slots({said.slots.index(said.things()[0]): said.things()[0]})
        elif len(own) <= len(said.slots) and all(not does_not_matter(each) for each in own):
            # Slots of the same name first; where the words differ, their order decides.
            words: dict[int, str] = {}
            for slot in own:
                same = [at for at, each in enumerate(said.slots) if each == slot and at not in words]
                free = [at for at in range(len(said.slots)) if at not in words and said.slots[at] not in own]
                if not (same or free):
                    break
                words[(same or free)[0]] = slot
            else:
                yield said.with_slots(words)
