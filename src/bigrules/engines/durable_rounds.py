"""One stratum, run in rounds: facts go into Rete, firings come out, new facts go in until there are none."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import ExitStack
from fractions import Fraction
from typing import Any

from bigrules.engines.conditions import TooMuch
from bigrules.engines.durable_clauses import Group, Plan, Selection, StratumPlan, Tuple
from bigrules.engines.durable_ground import Ground
from bigrules.engines.durable_nodes import Node, Truth, Way
from bigrules.engines.durable_session import MOST_FACTS, OutsideProfile, Session
from bigrules.facts.layout import Row, When

Table = dict[Tuple, Truth]

# So many reasons that rest on something open may be found for the facts of one case.
MOST_OPEN = 100_000

# So many facts are asserted at once: what they lead to is taken out before more are.
BATCH = 500


class TooMuchPossible(OutsideProfile, TooMuch):
    """What is possible in a case leads to more than can be grounded in reasonable time."""


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
        # For each selection, what it selects and what that rests on.
        self._selected: list[Table] = [{} for _ in stratum.selections]
        # Facts that were asserted, by their number: what is selected, and where it stands.
        self._facts: list[tuple[Tuple, Table]] = []
        self._new: dict[str, list[Tuple]] = {}
        self._made: list[tuple[str, Tuple, Node]] = []
        # Of each clause that can match, the rows of its gates.
        self._gates: dict[int, list[tuple[Tuple, Table]]] = {}
        self._sessions: dict[int, Session] = {}

    def run(self) -> None:
        """Derive everything that the stratum derives."""
        start = len(self._tables.ground.nodes)
        for plan in self._stratum.plans:
            gates: list[tuple[Tuple, Table]] = []
            for gate in plan.gates:
                selected = self._selected[gate.number]
                if not selected:
                    self._select(gate, self._tables.rows[gate.predicate])
                gates.extend((row, selected) for row in selected)
            # A clause with a gate that is shut derives nothing.
            if len(gates) == len(plan.gates):
                self._gates[plan.number] = gates
                if not plan.joined:
                    self._derive(plan, gates)
        # What was derived so far is in the tables already.
        self._new = {}
        waiting = {name: list(rows) for name in self._stratum.reads if (rows := self._tables.rows[name])}
        sessions: list[tuple[Group, dict[int, list[Tuple]]]] = [(group, {}) for group in self._stratum.groups]
        with ExitStack() as stack:
            while waiting:
                batch = self._copies(waiting)
                for group, held in sessions:
                    for kind in group.formats:
                        if kind in batch:
                            held.setdefault(kind, []).extend(batch[kind])
                    self._join(group, held, stack)
                waiting, self._new = self._new, {}
        self._tables.settle(start, self._made)

    def _copies(self, waiting: dict[str, list[Tuple]]) -> dict[int, list[Tuple]]:
        """Run the clauses that join nothing, and what they lead to; what is new to each selection."""
        batch: dict[int, list[Tuple]] = {}
        while waiting:
            for name, rows in waiting.items():
                for selection in self._stratum.reads.get(name, ()):
                    chosen = self._select(selection, rows)
                    if not chosen:
                        continue
                    batch.setdefault(selection.number, []).extend(chosen)
                    table = self._selected[selection.number]
                    for plan in self._stratum.alone.get(selection.number, ()):
                        gates = self._gates.get(plan.number)
                        if gates is not None:
                            for row in chosen:
                                self._derive(plan, [*gates, (row, table)])
            waiting, self._new = self._new, {}
        return batch

    def _join(self, group: Group, held: dict[int, list[Tuple]], stack: ExitStack) -> None:
        """Give to Rete what can match by now, and derive what fires."""
        wanted: set[int] = set()
        for number, plans in group.plans.items():
            kinds = group.kinds[number]
            # Facts that have nothing to be joined with wait until there is something.
            if all(self._selected[kind] for kind in kinds) and any(p.number in self._gates for p in plans):
                wanted.update(kinds)
        symbol = self._symbols.number
        facts: list[str] = []
        for kind in sorted(wanted):
            form, columns, table = group.formats[kind], group.columns[kind], self._selected[kind]
            for row in held.pop(kind, ()):
                facts.append(form % (len(self._facts), *[symbol(row[column]) for column in columns]))
                self._facts.append((row, table))
        if not facts:
            return
        if len(self._facts) > MOST_FACTS:
            raise OutsideProfile(f"more than {MOST_FACTS} facts in one stratum")
        session = self._sessions.get(id(group))
        if session is None:
            session = self._sessions[id(group)] = stack.enter_context(Session(group.ruleset))
        for start in range(0, len(facts), BATCH):
            for rule, matched in session.fire(facts[start : start + BATCH]):
                rows = [self._facts[each] for each in matched]
                for plan in group.plans[rule]:
                    gates = self._gates.get(plan.number)
                    if gates is not None:
                        self._derive(plan, [*gates, *rows] if gates else rows)

    def _select(self, selection: Selection, rows: Iterable[Tuple]) -> list[Tuple]:
        """What a selection has of new rows that it did not have before."""
        source = self._tables.rows[selection.predicate]
        target = self._selected[selection.number]
        columns = selection.columns
        plain, takes = selection.plain, selection.takes
        new: list[Tuple] = []
        for row in rows:
            if plain:
                key = row
            elif takes(row):
                key = tuple([row[column] for column in columns])
            else:
                continue
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
