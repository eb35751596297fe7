"""How well the examples of a rulebook test it, as lines to read and as JSON."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from bigrules.findings.wording import count, listed
from bigrules.render.text import Line
from bigrules.tools.coverage import Branch
from bigrules.tools.deep import Deep, DeepFile, Survivor
from bigrules.tools.mutants_entry import NOTHING

# Of a change that is longer, only the beginning is told.
_LONGEST = 140


def deep_lines(deep: Deep) -> list[Line]:
    """What no example reaches or notices, file by file, and the sums."""
    lines: list[Line] = []
    for each in deep.files:
        lines += _of_file(each)
    reached, branches = deep.branches
    killed, mutants = deep.mutants
    lines += [Line()] if lines else []
    lines.append(
        Line(f"Coverage {percent(deep.coverage)}: examples reach {reached:,} of {branches:,} branches.")
    )
    said = sum(each.equivalent for each in deep.files)
    not_built = sum(each.not_built for each in deep.files)
    words = f"Score {percent(deep.score)}: examples notice {killed:,} of {count(mutants, 'small change')}."
    if said:
        words += f" Of {said:,} more, files say why they make no difference."
    if not_built:
        words += f" {not_built:,} could not be built, and are not counted."
    lines.append(Line(words))
    return lines


def _of_file(tested: DeepFile) -> list[Line]:
    missed = [each for each in tested.branches if not each.reached]
    if not missed and not tested.survivors:
        return []
    lines = [Line(), Line(tested.file, style="title")]
    lines += [Line(f"{_where(tested, each)}: {each.misses}", 2, mark="- ") for each in missed]
    for each in tested.survivors:
        lines += _survivor(tested, each)
    return lines


def _survivor(tested: DeepFile, each: Survivor) -> list[Line]:
    becomes = "is taken out" if each.after == NOTHING else f"becomes `{_cut(each.after)}`"
    if each.loose:
        becomes += f", and {listed(f'`<{slot}>`' for slot in each.loose)} may be anything"
    lines = [
        Line(f"{_where(tested, each)}: no example notices when `{_cut(each.before)}` {becomes}", 2, mark="- ")
    ]
    of = f" of `{each.of}`" if each.of != tested.id else ""
    if each.case is not None:
        lines.append(Line(f"This one{of} would, where `{each.case.after}` comes out then:", 4))
        name = f"tells line {each.line} apart"
        lines += _to_paste(each.case.as_example(name, "before").splitlines())
        return lines
    lines.append(Line(f"None found in {each.tried:,} cases that were made.", 4))
    if each.entry:
        lines.append(Line("If it can make no difference, the file may say why, under `equivalent:`", 4))
        entry = [*each.entry.splitlines(), "    because: …"]
        lines += _to_paste(entry)
    return lines


def _to_paste(text: list[str]) -> list[Line]:
    """Lines as they stand in a file, so that they can be copied into one."""
    return [Line(), *(Line(each, keep=True) for each in text), Line()]


def _where(tested: DeepFile, each: Branch | Survivor) -> str:
    return f"line {each.line}" if each.file == tested.file else f"{each.file}, line {each.line}"


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def percent(share: Fraction) -> str:
    """A share in per cent, never rounded up to what it does not reach.

    >>> percent(Fraction(999, 1000)), percent(Fraction(1)), percent(Fraction(9999, 10000))
    ('99.9%', '100%', '99.9%')
    """
    tenths = share.numerator * 1000 // share.denominator
    return f"{tenths // 10}%" if tenths % 10 == 0 else f"{tenths / 10:.1f}%"


def deep_data(deep: Deep) -> dict[str, Any]:
    """The same as plain data."""
    reached, branches = deep.branches
    killed, mutants = deep.mutants
    return {
        "coverage": {"reached": reached, "branches": branches},
        "mutants": {
            "noticed": killed,
            "counted": mutants,
            "equivalent": sum(each.equivalent for each in deep.files),
            "not built": sum(each.not_built for each in deep.files),
        },
        "files": [_file_data(each) for each in deep.files],
    }


def _file_data(tested: DeepFile) -> dict[str, Any]:
    return {
        "id": tested.id,
        "file": tested.file,
        "branches": [
            {
                "file": each.file,
                "line": each.line,
                "reached": each.reached,
                **({} if each.reached else {"misses": each.misses}),
            }
            for each in tested.branches
        ],
        "mutants": tested.mutants,
        "noticed": tested.killed,
        "equivalent": tested.equivalent,
        "not built": tested.not_built,
        "left": [_survivor_data(each) for each in tested.survivors],
    }


def _survivor_data(each: Survivor) -> dict[str, Any]:
    case = each.case
    return {
        "file": each.file,
        "line": each.line,
        "sort": each.sort,
        "before": each.before,
        "after": each.after,
        "slots that may be anything": list(each.loose),
        "entry": each.entry or None,
        "cases": each.tried,
        "case": None
        if case is None
        else {
            "of": each.of,
            "before": case.before,
            "after": case.after,
            "example": case.as_example(f"tells line {each.line} apart", "before"),
        },
    }
