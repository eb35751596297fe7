"""Checks many cases in one process and prints how its memory grew: `python -m benchmarks.memory ENGINE CHECKS`."""

from __future__ import annotations

import gc
import json
import os
import sys
import time

from benchmarks import adapters, cases

# After so many, all that is kept on purpose has been made.
WARM = 1_000


def resident() -> float:
    """Resident memory of this process, in megabytes."""
    with open("/proc/self/statm", encoding="ascii") as stream:
        pages = int(stream.read().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def main(engine: str, checks: int) -> None:
    """Each check is of a case of its own; what `durable` finds is held against what `compiled` does."""
    rulebook = adapters.core_rulebook()
    base = rulebook.read(cases.twelve(), as_of=adapters.AS_OF)
    found, reference = adapters.structured(rulebook, engine), adapters.structured(rulebook)
    warm = min(WARM, checks // 2)
    first = most = 0.0
    different = 0
    start = time.perf_counter()
    for number in range(checks):
        case = cases.changed(rulebook.model, base, number)
        findings = found(case)
        if engine == "durable" and adapters.essence(findings) != adapters.essence(reference(case)):
            different += 1
        if number >= warm and (number - warm) % 500 == 0:
            gc.collect()
            first = first or resident()
            most = max(most, resident())
    gc.collect()
    last = resident()
    said = {"first": first, "last": last, "most": max(most, last), "warm": warm, "different": different}
    print(json.dumps({**said, "seconds": time.perf_counter() - start}))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
