"""Every engine and the oracle find the same on random rulebooks and random cases."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from random_rulebooks import rulebooks
from strategies import KNOWN, Sorts, cases

import compact
from properties.agree import differences
