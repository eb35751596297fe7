"""Hypothesis profiles: `fast` for every run, `long` to be run at will."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from hypothesis import HealthCheck, settings

sys.path.insert(0, str(Path(__file__).parent))

QUIET = [HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large]
# The same cases on every run, so that a failure is one that anybody can see again; `long` tries new ones.
settings.register_profile(
    "fast", max_examples=60, deadline=None, derandomize=True, suppress_health_check=QUIET, print_blob=True
)
settings.register_profile(
    "long", max_examples=3_000, deadline=None, suppress_health_check=QUIET, print_blob=True
)
settings.load_profile(os.environ.get("BIGRULES_PROFILE", "fast"))
