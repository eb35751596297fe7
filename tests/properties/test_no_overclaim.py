"""No shipped rule says that it was too large to be settled, on cases of up to twenty members."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bigrules.facts.case import Incomplete
from partnerships import partnerships
from properties.evaluators import ENGINES, SHARE, fewer, findings, shipped


@pytest.mark.parametrize("engine", ENGINES)
def test_every_finding_is_settled(engine: str) -> None:
    """With unknown fields, possible records, missing homes, kinds that were not asked, incomplete lists."""

    @fewer(SHARE[engine] * 3)
    @given(st.data())
    def tried(data: st.DataObject) -> None:
        import attrs

        case = data.draw(partnerships(shipped(), members=(8, 20), others=4, unknown=8, not_asked=3))
        if data.draw(st.booleans()):
            case = attrs.evolve(case, incomplete=(Incomplete("relations", "person", "a"),))
        open_ = [each.rule for each in findings(case, engine).values() if not each.settled]
        assert not open_

    tried()
