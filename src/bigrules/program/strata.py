"""The order in which a program runs: levels between barriers, and components within a level."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from bigrules.program.core import Clause, ExceptionNode, LimitStep, OutcomeStep, ProgramRule, Stratum


def components(nodes: Iterable[str], edges: Mapping[str, Iterable[str]]) -> list[list[str]]:
    """Strongly connected components, each after those that it points to (Tarjan, SIAM J. Comput. 1972).

    Args:
        nodes: Names.
        edges: For each name the names that it points to.

    Returns:
        The components, in an order in which everything comes after what it depends on.

    >>> components("abc", {"a": "b", "b": "a", "c": "a"})
    [['a', 'b'], ['c']]
    """
    number: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    on_stack: set[str] = set()
    result: list[list[str]] = []
    for root in nodes:
        if root in number:
            continue
        work = [(root, iter(tuple(edges.get(root, ()))))]
        number[root] = low[root] = len(number)
        stack.append(root)
        on_stack.add(root)
        while work:
            node, targets = work[-1]
            for target in targets:
                if target not in number:
                    number[target] = low[target] = len(number)
                    stack.append(target)
                    on_stack.add(target)
                    work.append((target, iter(tuple(edges.get(target, ())))))
                    break
                if target in on_stack:
                    low[node] = min(low[node], number[target])
            else:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[node])
                if low[node] == number[node]:
                    component = []
                    while True:
                        member = stack.pop()
                        on_stack.discard(member)
                        component.append(member)
                        if member == node:
                            break
                    result.append(sorted(component))
    return result


def exception_tables(exceptions: Iterable[ExceptionNode]) -> list[str]:
    """Every predicate that a tree of exceptions reads."""
    found: list[str] = []
    for each in exceptions:
        found += [each.when, *exception_tables(each.unless)]
    return found


def cones(strata: Iterable[Stratum], rules: Mapping[str, ProgramRule]) -> dict[str, set[str]]:
    """For each predicate, every predicate that it depends on, itself included.

    Args:
        strata: The strata of a program.
        rules: Its rules by id.
    """
    reads: dict[str, set[str]] = {}
    for stratum in strata:
        for clause in stratum.clauses:
            mine = reads.setdefault(clause.head.predicate, set())
            mine.update(each.predicate for each in (*clause.body, *clause.absent))
        for step in stratum.limits:
            tables = {step.demand}
            for measure in (step.measure, step.of):
                if measure is not None:
                    tables |= {each for each in (measure.among, measure.counted, measure.link) if each}
            for head in (step.holds, step.void):
                reads.setdefault(head, set()).update(tables)
        for outcome in stratum.outcomes:
            reads.setdefault(outcome.holds, set()).update(rule_tables(rules[outcome.rule]))
    found: dict[str, set[str]] = {}
    for component in components(sorted(reads), {key: sorted(value) for key, value in reads.items()}):
        whole = set(component)
        for name in component:
            for target in reads.get(name, ()):
                whole |= found.get(target, {target})
        for name in component:
            found[name] = whole
    return found


def rule_tables(rule: ProgramRule) -> list[str]:
    """Every predicate that the outcome of a rule is read off from."""
    tables = [rule.given, rule.hit, rule.ok, *rule.void, *exception_tables(rule.exceptions)]
    return [each for each in tables if each]


def stratify(
    clauses: Sequence[Clause],
    limits: Sequence[LimitStep],
    outcomes: Sequence[OutcomeStep],
    rules: Mapping[str, ProgramRule],
) -> tuple[Stratum, ...]:
    """Put clauses and barriers into as few levels as absence, measures and outcomes allow.

    Args:
        clauses: All clauses.
        limits: All limits.
        outcomes: All outcomes that rules speak about.
        rules: The rules by id.

    Returns:
        The strata; within one, clauses stand after the clauses that they read.

    Raises:
        ValueError: A cycle runs through an absence, a measure or an outcome.
    """
    positive: dict[str, set[str]] = {}
    barrier: dict[str, set[str]] = {}
    for clause in clauses:
        positive.setdefault(clause.head.predicate, set()).update(each.predicate for each in clause.body)
        barrier.setdefault(clause.head.predicate, set()).update(each.predicate for each in clause.absent)
    for step in limits:
        reads = {step.demand}
        for measure in (step.measure, step.of):
            if measure is not None:
                reads |= {each for each in (measure.among, measure.counted, measure.link) if each}
        for head in (step.holds, step.void):
            barrier.setdefault(head, set()).update(reads)
    for outcome in outcomes:
        barrier.setdefault(outcome.holds, set()).update(rule_tables(rules[outcome.rule]))

    nodes = sorted(set(positive) | set(barrier))
    edges = {node: sorted(positive.get(node, set()) | barrier.get(node, set())) for node in nodes}
    order = components(nodes, edges)
    place: dict[str, int] = {}
    level: dict[str, int] = {}
    recursive: set[int] = set()
    for number, component in enumerate(order):
        inside = set(component)
        depth = 0
        for node in component:
            place[node] = number
            for target in positive.get(node, ()):
                if target not in inside:
                    depth = max(depth, level.get(target, 0))
            for target in barrier.get(node, ()):
                if target in inside:
                    raise ValueError(f"{node} depends on itself through an absence, a measure or an outcome")
                depth = max(depth, level.get(target, 0) + 1)
        for node in component:
            level[node] = depth
        if any(target in inside for node in component for target in positive.get(node, ())):
            recursive.add(depth)

    count = max(level.values(), default=0) + 1
    strata = []
    for depth in range(count):
        mine = [clause for clause in clauses if level[clause.head.predicate] == depth]
        mine.sort(key=lambda clause: place[clause.head.predicate])
        strata.append(
            Stratum(
                clauses=tuple(mine),
                recursive=depth in recursive,
                # A barrier stands after the level before the one in which its facts can be read.
                limits=tuple(step for step in limits if level[step.holds] == depth + 1),
                outcomes=tuple(step for step in outcomes if level[step.holds] == depth + 1),
            )
        )
    return tuple(strata)
