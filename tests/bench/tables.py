"""Figures as tables that can be pasted into a note."""

from collections.abc import Mapping, Sequence
from statistics import median, quantiles

from tests.bench.load import Target
from tests.bench.proc import Memory

DATABASE = "MongoDB"


def requests(targets: Sequence[Target], servers: Sequence[str]) -> str:
    """Show each target beside the first, which is the yardstick, and the work of all *servers* for it."""
    rows = []
    for target in targets:
        ratios = target.ratios(targets[0])
        rows.append(
            (
                target.name,
                f"{target.median('per_second'):.0f}",
                f"{median(ratios):.1%}",
                f"{min(ratios):.1%} to {max(ratios):.1%}",
                f"{target.median('p50'):.1f}",
                f"{target.median('p99'):.1f}",
                _told(target.core_ms(*servers), 3),
                f"{target.median('busy'):.0%}",
            )
        )
    heads = ("requests", "per second", "of hello", "in the rounds", "p50 ms", "p99 ms", "core ms each", "client's core")
    return table(heads, rows)


def processes(rest: Mapping[str, Memory], after: Mapping[str, Memory], targets: Sequence[Target]) -> str:
    """Show what each process takes, what all take together, and the work that they make for the database."""
    rows = [(name, [*rest[name], *after[name]], [target.core_ms(name) for target in targets]) for name in rest]
    together = [None if None in sizes else sum(sizes) for sizes in zip(*(row[1] for row in rows), strict=True)]
    rows.append(("together", together, [target.core_ms(*rest) for target in targets]))
    rows.append((DATABASE, [None] * len(together), [target.core_ms(DATABASE) for target in targets]))
    heads = ("process", "RSS MB at rest", "PSS", "RSS MB after the load", "PSS")
    return table(
        (*heads, *(f"core ms per {target.path.rpartition('/')[2]}" for target in targets)),
        [(name, *(_told(size, 0) for size in sizes), *(_told(part, 2) for part in work)) for name, sizes, work in rows],
    )


def ways(measured: Mapping[str, Sequence[float]]) -> str:
    """Show how long news is under way."""
    rows = []
    for name, milliseconds in measured.items():
        parts = quantiles(milliseconds, n=100)
        rows.append((name, f"{parts[49]:.1f}", f"{parts[98]:.1f}"))
    return table((f"{len(milliseconds)} renamed methods, one by one", "p50 ms", "p99 ms"), rows)


def table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Write a table in Markdown."""
    widths = [max(len(row[column]) for row in (heads, *rows)) for column in range(len(heads))]

    def line(cells: Sequence[str]) -> str:
        padded = [cell.rjust(width) for cell, width in zip(cells, widths, strict=True)]
        return f"| {' | '.join([cells[0].ljust(widths[0]), *padded[1:]])} |"

    rule = f"|{'|'.join('-' * (width + 1) + (':' if column else '-') for column, width in enumerate(widths))}|"
    return "\n".join([line(heads), rule, *map(line, rows)])


def _told(figure: float | None, digits: int) -> str:
    return "–" if figure is None else f"{figure:.{digits}f}"  # noqa: RUF001  # the sign for nothing measured
