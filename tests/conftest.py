"""Hypothesis profiles: `fast` for every run, `long` to be run at will; and the count of what was tried."""

from __future__ import annotations

import gc
import os
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

sys.path.insert(0, str(Path(__file__).parent))

QUIET = [HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large]
# What is not bounded by time grows with it: so many examples for each minute.
EACH_MINUTE = 8
LONG_EXAMPLES = 60 + int(EACH_MINUTE * float(os.environ.get("BIGRULES_MINUTES", "60")))
# The same cases on every run, so that a failure is one that anybody can see again; `long` tries new ones.
settings.register_profile(
    "fast", max_examples=60, deadline=None, derandomize=True, suppress_health_check=QUIET, print_blob=True
)
settings.register_profile(
    "long", max_examples=LONG_EXAMPLES, deadline=None, suppress_health_check=QUIET, print_blob=True
)
settings.load_profile(os.environ.get("BIGRULES_PROFILE", "fast"))
# Rules and facts are many small objects that live for a whole test: looking for circles among them 700 at a time takes
# a sixteenth of the run. What a test says of memory it asks the collector about itself.
gc.set_threshold(50_000, 20, 20)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Hand what a worker counted to the process that reports."""
    from properties import tally

    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["tally"] = tally.as_data()


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Add what a worker counted."""
    from properties import tally

    tally.add(getattr(node, "workeroutput", {}).get("tally", ()))


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Say how much was tried; in the long profile only."""
    from properties import tally

    if os.environ.get("BIGRULES_PROFILE") == "long" and tally.COUNTS:
        terminalreporter.section("what was tried")
        for line in tally.report():
            terminalreporter.write_line(line)
