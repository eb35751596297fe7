"""Test and trace a rulebook on a pull request, compare it with what it was, and comment what changed.

Runs with the Python that bigrules is installed for, and needs nothing else. What it is asked for stands in the
environment (`BIGRULES_…`), what GitHub says in `GITHUB_…`. Rule files are data: nothing of the pull request is run.
"""

from __future__ import annotations

import os
import secrets
import sys
from pathlib import Path
from typing import Any

from asked import Base, Done, Settings, Stop, bigrules
from comments import comment
from words import characters, code, data, escaped, octets, property_, within, without_mentions

# GitHub takes 65,536 characters in a comment, and 1 MiB in a summary; some room is left for what is said of the rest.
COMMENT_LIMIT, SUMMARY_LIMIT = 65_000, 1_000_000
MOST_ANNOTATIONS, MOST_FAULTS = 50, 50
CLEAN, FAULTY, UNUSABLE = 0, 1, 2


class Report:
    """What is said on the pull request.

    Args:
        settings: What was asked for.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.rows: list[tuple[str, str]] = []
        self.faults: list[dict[str, Any]] = []
        self.diff = ""
        self.is_changed: bool | None = None
        self.is_unusable = False
        self.has_changed_files = False

    def test(self) -> None:
        """Run the examples, and the scenarios."""
        words = ["test", self.settings.rules, "--format", "json"]
        words += ["--scenarios", self.settings.scenarios] if self.settings.scenarios else []
        done = bigrules(self.settings, *words)
        found = done.data()
        ran = [
            f"{found[key]:,} {key}" for key in ("examples", "scenarios") if isinstance(found.get(key), int)
        ]
        self._add("test", done, f"{' and '.join(ran)} ran" if ran else "")

    def trace(self) -> None:
        """Hold the ledger against the rules, and against a copy of the guidance."""
        words = ["trace", "--rules", self.settings.rules, "--format", "json"]
        words += ["--guidance", self.settings.guidance] if self.settings.guidance else []
        words += ["--scenarios", self.settings.scenarios] if self.settings.scenarios else []
        done = bigrules(self.settings, *words)
        clauses = done.data().get("clauses")
        self._add(
            "trace",
            done,
            f"{len(clauses):,} clause{'s' if len(clauses) != 1 else ''}" if isinstance(clauses, list) else "",
        )

    def compare(self, base: Base) -> None:
        """Compare with the base."""
        if base.why:
            self.rows.append(("diff", f"not compared: {base.why}"))
            return
        self.has_changed_files = base.changed()
        if not self.has_changed_files:
            self.is_changed = False
            self.rows.append(("diff", "no rule file changed"))
            return
        old = os.path.join(base.place, self.settings.rules)
        if not any(os.path.isfile(os.path.join(old, each)) for each in ("rulebook.yaml", "amendment.yaml")):
            self.rows.append(("diff", f"{code(self.settings.rules)} is new"))
            return
        words = ["diff", old, self.settings.rules, "--format", "markdown", "--names", self.settings.names]
        words += ["--cases", self.settings.cases] if self.settings.cases else []
        done = bigrules(self.settings, *words)
        if done.status not in (0, 1):
            self.rows.append(("diff", "not compared" if self.errors else "cannot be compared"))
            if not self.errors:
                # What is wrong with the rules was said; this is something else.
                self.is_unusable = True
                self._log(done)
            return
        self.is_changed = done.status == 1
        said = (
            "something could come out otherwise"
            if self.is_changed
            else "nothing comes out otherwise, as far as is known"
        )
        self.rows.append(("diff", said))
        self.diff = done.out.strip().replace(base.place + os.sep, "").replace(base.place, "")

    def _add(self, what: str, done: Done, said: str) -> None:
        """Note what a command found; what both `test` and `trace` say is said once."""
        found = done.data().get("diagnostics") or []
        wrong = sum(each.get("severity") == "error" for each in found)
        self.faults += [each for each in found if each not in self.faults]
        count = f"{wrong} fault{'s' if wrong != 1 else ''}" if wrong else "no faults"
        if done.status not in (CLEAN, FAULTY) or (done.status == FAULTY and not wrong):
            self.is_unusable = True
            self._log(done)
            count = "cannot be used" + (f", {count}" if wrong else "")
        self.rows.append((what, f"{said}, {count}" if said else count))

    def _log(self, done: Done) -> None:
        """What a command said, into the log, where nothing in it is taken for a command to the runner."""
        token = secrets.token_hex(16)
        print(f"::stop-commands::{token}")
        print(done.err or done.out)
        print(f"::{token}::", flush=True)

    @property
    def errors(self) -> int:
        """How many faults there are."""
        return sum(each.get("severity") == "error" for each in self.faults)

    @property
    def status(self) -> int:
        """Whether the check fails."""
        wanted = self.settings.fail_on
        if wanted == "nothing":
            return CLEAN
        if self.is_unusable:
            return UNUSABLE
        return FAULTY if self.errors or (wanted == "changes" and self.is_changed) else CLEAN

    def annotate(self) -> None:
        """Show each fault at its line of the pull request."""
        for each in self.faults[:MOST_ANNOTATIONS]:
            place = each.get("place") or {}
            file = self._file(str(place.get("file", "")))
            parts = [f"file={property_(file)}"] if file else []
            parts += [f"line={int(place['line'])}"] if place.get("line") else []
            parts += [f"col={int(place['column'])}"] if place.get("column") else []
            title = f"{each.get('code')} {each.get('name')}"
            parts.append(f"title={property_(title)}")
            said = f"{each.get('message')}" + (f" (help: {each['help']})" if each.get("help") else "")
            sort = "error" if each.get("severity") == "error" else "warning"
            print(f"::{sort} {','.join(parts)}::{data(said)}")

    def _file(self, named: str) -> str:
        """The file that a fault is in, seen from the root of the repository."""
        for each in (os.path.join(self.settings.rules, named), named):
            if named and (self.settings.workspace / each).is_file() and not os.path.isabs(each):
                return Path(os.path.normpath(each)).as_posix()
        return ""

    def markdown(self) -> str:
        """All of it."""
        lines = [
            self.settings.marker,
            f"# Rules in {code(self.settings.rules)}",
            "",
            "| Step | What came out |",
            "|---|---|",
        ]
        lines += [f"| {what} | {escaped(said)} |" for what, said in self.rows]
        if self.faults:
            lines += ["", f"## What is wrong ({len(self.faults)})", ""]
        for each in self.faults[:MOST_FAULTS]:
            place = each.get("place") or {}
            at = ":".join(str(place[key]) for key in ("file", "line", "column") if place.get(key))
            help_ = f"<br>{escaped(str(each['help']))}" if each.get("help") else ""
            lines.append(f"- {code(at)} {each.get('code')}: {escaped(str(each.get('message')))}{help_}")
        if len(self.faults) > MOST_FAULTS:
            lines.append(f"- … and {len(self.faults) - MOST_FAULTS} more")
        if self.diff:
            lines += ["", without_mentions(self.diff)]
        return "\n".join(lines) + "\n"


def main() -> int:
    """Do what was asked for.

    Returns:
        0 where all is well, 1 where the check fails, 2 where something cannot be used.
    """
    # The streams of a run are texts of the system; the checker also thinks of others.
    sys.stdout.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
    try:
        settings = Settings(os.environ)
    except Stop as stop:
        print(f"::error::{data(str(stop))}")
        return UNUSABLE
    report = Report(settings)
    report.test()
    report.trace()
    base = Base(settings)
    try:
        report.compare(base)
    finally:
        base.close()
    report.annotate()
    text = report.markdown()
    not_written = ""
    if settings.number and settings.comment:
        see = (
            f"The rest is in [the summary of the run]({settings.run})."
            if settings.run
            else "The rest is in the summary."
        )
        is_wanted = bool(report.faults) or report.has_changed_files or report.is_unusable
        not_written = comment(settings, within(text, COMMENT_LIMIT, see, characters), is_wanted)
    if not_written:
        print(f"::notice::There is no comment, and all of it is in the summary: {data(not_written)}")
        text += f"\nThere is no comment on the pull request: {not_written}.\n"
    if settings.summary:
        with open(settings.summary, "a", encoding="utf-8") as stream:
            stream.write(
                within(text, SUMMARY_LIMIT, "The rest is left out: it is too long for a summary.", octets)
            )
    if settings.outputs:
        changes = "unknown" if report.is_changed is None else "yes" if report.is_changed else "no"
        with open(settings.outputs, "a", encoding="utf-8") as stream:
            stream.write(f"faults={report.errors}\nchanges={changes}\n")
    for what, said in report.rows:
        print(data(f"{what}: {said}"))
    return report.status


if __name__ == "__main__":
    sys.exit(main())
