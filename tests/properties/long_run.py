"""How long random tests run: so many examples in the fast profile, a share of some minutes in the long one."""

from __future__ import annotations

import os
import time
from collections.abc import Callable

from hypothesis import settings

LONG = os.environ.get("BIGRULES_PROFILE") == "long"
MINUTES = float(os.environ.get("BIGRULES_MINUTES", "60"))
# Two processes share the tests; what is not bounded by time takes about a quarter of it.
PROCESSES = 2
BOUNDED = 0.75
# The weights of all tests that are bounded by time add up to this.
WEIGHTS = 150
# In the long profile so many examples are tried before the clock is looked at again.
AT_ONCE = 10


def seconds(weight: float) -> float:
    """How long a test of some weight may run in the long profile."""
    return MINUTES * 60 * PROCESSES * BOUNDED * weight / WEIGHTS


def examples(fast: int) -> settings:
    """So many examples in the fast profile; in the long one as many as are tried at once."""
    return settings(max_examples=AT_ONCE if LONG else fast)


def repeated(run: Callable[[], None], weight: float) -> None:
    """Run a property once, or again and again with new examples until its time is up.

    Args:
        run: A test that Hypothesis drives.
        weight: Its share of the time, of `WEIGHTS`.
    """
    end = time.monotonic() + seconds(weight)
    run()
    while LONG and time.monotonic() < end:
        run()
