"""One stratum, run in rounds: facts go into Rete, firings come out, new facts go in until there are none."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction
from typing import Any

import attrs

from bigrules.engines.conditions import TooMuch
from bigrules.engines.durable_clauses import Join, Plan, StratumPlan
from bigrules.engines.durable_ground import Ground
from bigrules.engines.durable_nodes import Node, Truth, Way
from bigrules.engines.durable_partners import Partners, Tuple
from bigrules.engines.durable_selections import Selection
from bigrules.engines.durable_session import MOST_FACTS, OutsideProfile, Session, close_all
from bigrules.facts.layout import Row, When

Table = dict[Tuple, Truth]

# So many reasons that rest on something open may be found for the facts of one case.
MOST_OPEN = 100_000

# So often may the facts of one join match: each match takes about 10 µs, and 300 bytes until the stratum is done.
MOST_MATCHES = 1_000_000

# So many facts are asserted at once: what they lead to is taken out before more are.
BATCH = 500


class TooMuchPossible(OutsideProfile, TooMuch):
    """What is so, or may be so, in a case leads to more than can be grounded in reasonable time."""


# Whether people answered a question with yes, or the site that stands for their answer.
Question = Callable[[str, Tuple, bool], bool | int]


class Tables:
    """The tables of one case: every row that holds in some completion, and what it rests on.

    Args:
        names: The predicates of the program.
        ground: Where the nodes are kept.
    """

    def __init__(self, names: Iterable[str], ground: Ground) -> None:
        self.ground = ground
        self.rows: dict[str, Table] = {name: {} for name in names}
        self._left = MOST_OPEN
        self._indexes: dict[tuple[str, tuple[int, ...]], dict[Tuple, list[Tuple]]] = {}

    def load(self, tables: Mapping[str, Iterable[Row]]) -> None:
        """Take in the rows of a layout, of the tables that the program knows."""
        start = len(self.ground.nodes)
        made: list[tuple[str, Tuple, Node]] = []
        for name, rows in tables.items():
            table = self.rows.get(name)
            if table is None:
                continue
            for row in rows:
                known = table.get(row.values)
                if not row.when:
                    table[row.values] = True
                elif known is None:
                    node = self.ground.node()
                    node.ways.append(((), (), row.when))
                    table[row.values] = node
                    made.append((name, row.values, node))
                elif isinstance(known, Node):
                    known.ways.append(((), (), row.when))
        self.settle(start, made)

    def settle(self, start: int, made: Iterable[tuple[str, Tuple, Node]]) -> None:
        """Simplify what was added, and keep no condition for what turns out to hold everywhere or nowhere."""
        if len(self.ground.nodes) == start:
            return
        self.ground.settle(start)
        for name, row, node in made:
            if self.rows[name].get(row) is node:
                if node.sure:
                    self.rows[name][row] = True
                elif not node.ways:
                    del self.rows[name][row]

    def because(self, node: Node, way: Way) -> None:
        """Add a reason why something may hold.

        Raises:
            TooMuchPossible: There are too many.
        """
        self._left -= 1
        if self._left < 0:
            raise TooMuchPossible("too much is possible in this case")
        node.ways.append(way)

    def index(self, name: str, columns: tuple[int, ...]) -> dict[Tuple, list[Tuple]]:
        """Rows of a table that nothing is added to any more, by some of their columns."""
        key = (name, columns)
        found = self._indexes.get(key)
        if found is None:
            if not columns:
                found = self._indexes[key] = {(): list(self.rows[name])}
                return found
            found = self._indexes[key] = {}
            for row in self.rows[name]:
                found.setdefault(tuple([row[column] for column in columns]), []).append(row)
        return found


class Symbols:
    """Values as small integers: Rete never sees a value, and two of different types are never equal."""

    def __init__(self) -> None:
        self._numbers: dict[Any, int] = {}

    def number(self, value: Any) -> int:
        """The number of a value."""
        if value.__class__ is not str:
            if value.__class__ is Fraction and value.denominator == 1:
                value = value.numerator
            value = (value.__class__, value)
        return self._numbers.setdefault(value, len(self._numbers))


@attrs.define(eq=False)
class _Running:
    """A join in a run of its stratum; its session is opened when there is something to assert.

    Args:
        join: The join.
        partners: Its facts, until they can match.
        facts: Facts that were asserted, by their number: what is selected, and where it stands.
        looked_at: From so many facts on it is looked at how often they may match.
        session: The session.
    """

    join: Join
    partners: Partners
    facts: list[tuple[Tuple, Table]] = attrs.field(factory=list)
    looked_at: int = 0
    session: Session | None = None


class Rounds:
    """A run of one stratum.

    Args:
        stratum: What is run.
        tables: The tables, which it adds to.
        symbols: Numbers of the values of this case.
        question: What people answered.
    """

    def __init__(self, stratum: StratumPlan, tables: Tables, symbols: Symbols, question: Question) -> None:
        self._stratum = stratum
        self._tables = tables
        self._symbols = symbols
        self._question = question
        # For each selection, what it selects and what that rests on; what takes every row is the table itself.
        self._selected: list[Table] = [
            tables.rows[each.predicate] if each.plain else {} for each in stratum.selections
        ]
        self._new: dict[str, list[Tuple]] = {}
        self._made: list[tuple[str, Tuple, Node]] = []
        # Of each clause with gates, their rows; None where one is shut, so that it derives nothing.
        self._gates: dict[int, list[tuple[Tuple, Table]] | None] = {}

    def run(self) -> None:
        """Derive everything that the stratum derives."""
        stratum, rows = self._stratum, self._tables.rows
        start = len(self._tables.ground.nodes)
        for plan in stratum.gated:
            gates: list[tuple[Tuple, Table]] = []
            for gate in plan.gates:
                selected = self._selected[gate.number]
                if not selected:
                    self._select(gate, list(rows[gate.predicate]))
                gates.extend((row, selected) for row in selected)
            self._gates[plan.number] = gates if len(gates) == len(plan.gates) else None
        for plan in stratum.facts:
            opened = self._opened(plan)
            if opened is not None:
                self._derive(plan, opened)
        # What was derived so far is in the tables already.
        self._new = {}
        waiting = {name: list(rows[name]) for name in stratum.reads if rows[name]}
        # Joins of which some pattern has no fact as yet, and those that run.
        asleep = [
            join
            for join in stratum.joins
            if not join.gated or any(self._opened(plan) is not None for plan in join.plans)
        ]
        running: list[_Running] = []
        try:
            while waiting:
                batch = self._copies(waiting)
                still = []
                for join in asleep:
                    for kind in join.seating.kinds:
                        if not self._selected[kind]:
                            still.append(join)
                            break
                    else:
                        running.append(_Running(join, Partners(join.seating, self._selected)))
                asleep = still
                for each in running:
                    ready = each.partners.ready(batch)
                    if ready:
                        self._join(each, ready)
                waiting, self._new = self._new, {}
        finally:
            close_all([each.session for each in running if each.session is not None])
        self._tables.settle(start, self._made)

    def _opened(self, plan: Plan) -> list[tuple[Tuple, Table]] | None:
        """The rows of the gates of a clause; None where one is shut."""
        return self._gates.get(plan.number, []) if plan.gates else []

    def _copies(self, waiting: dict[str, list[Tuple]]) -> dict[int, list[Tuple]]:
        """Run the clauses that join nothing, and what they lead to; what is new to each selection."""
        reads, by_value = self._stratum.reads, self._stratum.by_value
        batch: dict[int, list[Tuple]] = {}
        while waiting:
            for name, rows in waiting.items():
                for selection in reads.get(name, ()):
                    self._take(selection, rows, batch)
                for column, selections in by_value.get(name, ()):
                    found: dict[Any, list[Tuple]] = {}
                    for row in rows:
                        if row[column] in selections:
                            found.setdefault(row[column], []).append(row)
                    for value, some in found.items():
                        for selection in selections[value]:
                            self._take(selection, some, batch)
            waiting, self._new = self._new, {}
        return batch

    def _take(self, selection: Selection, rows: list[Tuple], batch: dict[int, list[Tuple]]) -> None:
        """Add to the batch what a selection has of further rows, and run the clauses that only copy it."""
        number = selection.number
        chosen = self._select(selection, rows)
        if not chosen:
            return
        batch[number] = [*batch[number], *chosen] if number in batch else chosen
        for plan in self._stratum.alone.get(number, ()):
            self._copy(plan, chosen, self._selected[number])

    def _copy(self, plan: Plan, rows: list[Tuple], table: Table) -> None:
        """Run a clause that joins nothing on further rows."""
        if plan.cut is None or self._tables.ground.nodes:
            gates = self._opened(plan)
            if gates is not None:
                for row in rows:
                    self._derive(plan, [*gates, (row, table)])
            return
        # Nothing is open as yet, and nothing but the row is looked at.
        derived, cut = self._tables.rows[plan.head], plan.cut
        new = []
        for row in rows:
            head = cut(row)
            if head not in derived:
                derived[head] = True
                new.append(head)
        if new:
            self._new.setdefault(plan.head, []).extend(new)

    def _join(self, running: _Running, ready: list[tuple[int, Tuple]]) -> None:
        """Give facts to Rete, and derive what fires."""
        join, known = running.join, running.facts
        if len(known) + len(ready) > MOST_FACTS:
            raise OutsideProfile(f"more than {MOST_FACTS} facts in one join")
        if len(known) + len(ready) > running.looked_at:
            # Looked at again each time that there are a tenth more.
            running.looked_at = 11 * (len(known) + len(ready)) // 10
            if running.partners.most_matches(MOST_MATCHES) > MOST_MATCHES:
                raise TooMuchPossible(f"the facts of one join may match more than {MOST_MATCHES} times")
        symbol, formats, cuts, selected = self._symbols.number, join.formats, join.cuts, self._selected
        facts: list[str] = []
        for number, (kind, row) in enumerate(ready, len(known)):
            facts.append(formats[kind] % (number, *map(symbol, cuts[kind](row))))
            known.append((row, selected[kind]))
        if running.session is None:
            running.session = Session(join.ruleset).open()
        for start in range(0, len(facts), BATCH):
            matches = running.session.fire(facts[start : start + BATCH])
            for plan in join.plans:
                self._follow(plan, matches, known)

    def _follow(
        self, plan: Plan, matches: list[tuple[int, list[int]]], known: list[tuple[Tuple, Table]]
    ) -> None:
        """Derive what follows from matches of a clause."""
        gates = self._opened(plan)
        if gates is None:
            return
        if plan.heads is None or self._tables.ground.nodes:
            for _, matched in matches:
                self._derive(plan, [*gates, *[known[each] for each in matched]])
            return
        # Nothing is open as yet, and nothing but the match is looked at.
        derived = self._tables.rows[plan.head]
        new = self._new.setdefault(plan.head, [])
        for _, matched in matches:
            head = tuple([known[matched[row]][0][column] for row, column in plan.heads])
            if head not in derived:
                derived[head] = True
                new.append(head)

    def _select(self, selection: Selection, rows: list[Tuple]) -> list[Tuple]:
        """What a selection has of new rows that it did not have before."""
        if selection.plain:
            return rows
        target = self._selected[selection.number]
        cut, takes = selection.cut, selection.takes
        new: list[Tuple] = []
        if not self._tables.ground.nodes:
            # Nothing is open as yet.
            for key in map(cut, rows if selection.every or selection.by_value else filter(takes, rows)):
                if key not in target:
                    target[key] = True
                    new.append(key)
            return new
        source = self._tables.rows[selection.predicate]
        for row in rows:
            if not takes(row):
                continue
            key = cut(row)
            truth = source[row]
            known = target.get(key)
            if known is None:
                new.append(key)
                if isinstance(truth, Node) and not selection.whole:
                    # Further rows may become the same; what was made of this one must learn of them.
                    known = self._tables.ground.node()
                    self._tables.because(known, ((truth,), (), ()))
                    truth = known
                target[key] = truth
            elif isinstance(known, Node):
                if isinstance(truth, Node):
                    self._tables.because(known, ((truth,), (), ()))
                else:
                    known.make_sure()
                    target[key] = True
        return new

    def _derive(self, plan: Plan, rows: list[tuple[Tuple, Table]]) -> None:
        """One match of a clause: see to what is not a join, and add what follows."""
        for (one, first), (other, second) in plan.agree:
            if rows[one][0][first] != rows[other][0][second]:
                return
        binding = [rows[row][0][column] for row, column in plan.sources]
        binding.extend(plan.constants)
        for holds, places in plan.checks:
            if not holds(*[binding[place] for place in places]):
                return
        head = tuple([binding[place] for place in plan.places])
        table = self._tables.rows[plan.head]
        known = table.get(head)
        if known is True:
            return
        fails = self._absent(plan, binding)
        if fails is None:
            return
        when: When = ()
        if plan.asked is not None:
            asked, places = plan.asked
            answer = self._question(
                asked.question, tuple([binding[place] for place in places]), asked.symmetric
            )
            if answer is False:
                return
            if answer is not True:
                when = ((answer, frozenset((1,))),)
        wanted = []
        for row, source in rows:
            truth = source[row]
            if isinstance(truth, Node) and not truth.sure:
                wanted.append(truth)
        if not wanted and not fails and not when:
            table[head] = True
            if known is None:
                self._new.setdefault(plan.head, []).append(head)
            elif isinstance(known, Node):
                known.make_sure()
            return
        if known is None:
            known = table[head] = self._tables.ground.node()
            self._made.append((plan.head, head, known))
            self._new.setdefault(plan.head, []).append(head)
        assert isinstance(known, Node)
        self._tables.because(known, (tuple(wanted), tuple(fails), when))

    def _absent(self, plan: Plan, binding: list[Any]) -> list[Node] | None:
        """What must not hold, as far as that is open; None where something that must not hold does."""
        fails: list[Node] = []
        for absence in plan.absent:
            table = self._tables.rows[absence.predicate]
            if not table:
                continue
            key = tuple([binding[place] for place in absence.places])
            found = (
                [key]
                if absence.whole
                else self._tables.index(absence.predicate, absence.columns).get(key, ())
            )
            for row in found:
                truth = table.get(row)
                if isinstance(truth, Node):
                    fails.append(truth)
                elif truth:
                    return None
        return fails
