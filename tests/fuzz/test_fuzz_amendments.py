"""Amendments, spoiled: a rulebook or diagnostics, never both, never an exception, never without end."""

from __future__ import annotations

import datetime
import tempfile
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st
from spoiling import FEW, bounded, check_said, in_text, spoiled

from bigrules.diagnostics import Place, errors
from bigrules.language import in_force, load
from bigrules.program.compile import compile_program

BAD = Path(__file__).parents[1] / "bad"
# Sound and bad amendments over the sound rulebook: the files of each, by their path in it.
HEAD = b"amendment: Ours\nformat: 1\nversion: 0.1.0\nover: ../base\nby: us\nparameters: {fewest: 3}\n"
SOUND = {
    "amendment.yaml": HEAD,
    "three.yaml": b"amendment: Three\namends: hall\nfrom: 2018-04-01\nchange: {at least: 2}\nto: {at least: fewest}\n"
    b"because: Two were too few\nexamples:\n  - given: [<1 to 3> is a keyholder]\n    then: met\n",
    "paid.yaml": b"amendment: Who is paid holds no key\namends: definitions/keyholder\nuntil: 2019-12-31\n"
    b"add to: holds when\ncondition: <person> is not paid to open up\n",
    "rooms.yaml": b"rule: Each has rooms\nforce: must\nfor each: <person> has a key to the <any door> door\n"
    b"required: <person> has <any number> rooms\nexamples: [{given: [], then: not applicable}]\n",
    "some.yaml": b"amendment: Some have none\namends: rooms\nwhen: <person> was born on <any day>\ndisapply: yes\n",
    "no-care.yaml": b"amendment: Nobody asks\namends: care\ndisapply: yes\nfrom: 2018-01-01\nuntil: 2018-12-31\n",
    "most.yaml": b"amendment: At most five\nparameter: most keyholders\nchange: 4\nto: 5\nfrom: 2018-01-01\n",
    "vocabulary.yaml": b"tools:\n  fields: {person: {is: person}}\n  sentences: [<person> has tools]\n",
    "keys.yaml": b"amendment: Keys\namends: vocabulary/keys\nadd to: fields\nentries: {number: {is: text}}\n",
}
FLAT = [each for each in sorted((BAD / "amendments").iterdir()) if (each / "amendment.yaml").is_file()]
AMENDMENTS = {"sound": SOUND} | {
    folder.name: {
        path.name: path.read_bytes().replace(b"../../base", b"../base")
        for path in sorted(folder.glob("*.yaml"))
    }
    for folder in FLAT
}
BASE = {
    path.relative_to(BAD / "base").as_posix(): path.read_bytes() for path in (BAD / "base").rglob("*.yaml")
}
LINES = sorted(
    {line for files in AMENDMENTS.values() for text in files.values() for line in text.splitlines()}
)


def check(files: dict[str, bytes]) -> int:
    """Lay an amendment over the rulebook; one that is sound can be compiled, on each of its days."""
    with tempfile.TemporaryDirectory() as folder:
        for name, data in [*((f"base/{each}", text) for each, text in BASE.items()), *(
            (f"ours/{each}", text) for each, text in files.items()
        )]:  # fmt: skip
            path = Path(folder) / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        ours = f"{folder}/ours"
        with bounded():
            rulebook, found = load(ours)
    assert (rulebook is None) == bool(errors(found)), found

    def within(place: Place) -> bool:
        name = getattr(place, "file", "").removeprefix(f"{ours}/")
        return in_text(files[name])(place) if name in files else True

    check_said(found, within)
    if rulebook is None:
        return 0
    for day in (datetime.date(2017, 1, 1), datetime.date(2018, 6, 1), datetime.date(2030, 1, 1)):
        compile_program(in_force(rulebook, day))
    return len(rulebook.laid)


def test_the_sound_one_is_sound() -> None:
    """Else nothing but faults would be spoiled."""
    assert check(SOUND) == 1


@FEW
@given(name=st.sampled_from(sorted(AMENDMENTS)), data=st.data())
def test_spoiled_bytes_of_an_amendment(name: str, data: st.DataObject) -> None:
    """One of its files, spoiled."""
    files = dict(AMENDMENTS[data.draw(st.sampled_from(["sound", name]))])
    file = data.draw(st.sampled_from(sorted(files)))
    files[file] = data.draw(spoiled(files[file]))
    check(files)


@FEW
@given(data=st.data())
def test_lines_of_other_amendments(data: st.DataObject) -> None:
    """Lines of one file stand in another, or files of one amendment beside those of another."""
    files = dict(SOUND)
    other = AMENDMENTS[data.draw(st.sampled_from(sorted(AMENDMENTS)))]
    for file in data.draw(st.sets(st.sampled_from(sorted(other)), max_size=3)):
        files[file if data.draw(st.booleans()) else f"more-{file}"] = other[file]
    name = data.draw(st.sampled_from(sorted(files)))
    lines = files[name].split(b"\n")
    for _ in range(data.draw(st.integers(0, 3))):
        at = data.draw(st.integers(0, len(lines) - 1))
        lines[at : at + data.draw(st.integers(0, 1))] = [data.draw(st.sampled_from(LINES))]
    files[name] = b"\n".join(lines)
    check(files)
