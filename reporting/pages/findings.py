"""What a report's picture shows, in one sentence: its title. The report pages call it.

Each sentence is read off the numbers that the picture draws; where they tell nothing, the picture keeps its subject.
"""

from collections.abc import Sequence

from leadhub.web.formatting import name_counted
from reporting.cohorts import CohortReport
from reporting.funnel import FunnelStep
from reporting.lost import LostReport
from reporting.source_value import Numbers, SourceValueReport
from reporting.speed import SpeedReport

LONGEST_LABEL = 40


def tell_shares(report: SourceValueReport) -> str:
    """Say who brings the most of the sales, or of the quote value while nothing is sold, and from how many leads."""
    column, words = ("sales_value", "sales") if report.total.sales_value else ("quote_value", "the quote value")
    whole = getattr(report.total, column)
    rows = [row for row in report.rows if row.is_split]
    if not whole or len(rows) < 2:
        return "Shares"
    best = max(rows, key=lambda row: getattr(row.numbers, column))
    share, of_leads = getattr(best.numbers, column) / whole, best.numbers.leads / report.total.leads
    return f"{_cut(best.label)}: {share:.0%} of {words} from {of_leads:.0%} of the leads"


def tell_trend(total: Numbers) -> str:
    """Say how many of the leads are qualified by now."""
    return f"{total.qualified:,} of {_count(total.leads, 'leads')} qualified" if total.leads else "Trend"


def tell_funnel(steps: Sequence[FunnelStep], *, is_cohort: bool) -> str:
    """Say how many leads of a cohort have come to the end; what happened in a period is not one group of leads."""
    first, last = steps[0].reached, steps[-1].reached
    if not is_cohort or not first:
        return "From captured to customer"
    return f"{last:,} of {_count(first, 'leads')} won so far"


def tell_promises(report: SpeedReport) -> str:
    """Say which row has the most of the promises that were broken."""
    broken = report.total.late + report.total.overdue
    if not broken:
        return "No promise was broken"
    worst = max(report.rows, key=lambda row: row.numbers.late + row.numbers.overdue)
    count = worst.numbers.late + worst.numbers.overdue
    return f"{_cut(worst.label)}: {count:,} of {_count(broken, 'broken promises')}"


def tell_losses(report: LostReport) -> str:
    """Say which row has the most of the quote value that was lost."""
    worst = max(report.leads, key=lambda row: row.worth)
    return f"{_cut(worst.label)}: {worst.worth / report.lead_total.worth:.0%} of the quote value lost"


def tell_cohorts(report: CohortReport, labels: Sequence[str]) -> str:
    """Set the latest two cohorts side by side at the greatest age that both have."""
    told = [
        (label, cohort)
        for label, cohort in zip(labels, report.cohorts, strict=True)
        if cohort.cells[0].share is not None
    ]
    if len(told) < 2:
        return "How fast each cohort gets there"
    (label, latest), (former_label, former) = told[:2]
    pairs = zip(latest.cells, former.cells, strict=True)
    now, before = [(a, b) for a, b in pairs if a.share is not None and b.share is not None][-1]
    age = _count(now.age_days, "days")
    return f"{report.stage.label} within {age}: {now.share:.0%} of {label}, {before.share:.0%} of {former_label}"


def _count(number: int, noun: str) -> str:
    return f"{number:,} {name_counted(number, noun)}"


def _cut(label: str) -> str:
    return label if len(label) <= LONGEST_LABEL else f"{label[: LONGEST_LABEL - 1]}…"
