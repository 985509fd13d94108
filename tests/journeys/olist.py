"""Where the real leads of a marketplace are, when they are there, and what the files themselves say.

`OLIST_DATA` or `../shared/data` beside the repository. The product does not need them.
"""

import csv
import os
from collections import Counter
from datetime import date, datetime
from pathlib import Path

FOLDER = Path(os.environ.get("OLIST_DATA") or Path(__file__).parents[3] / "shared" / "data")
LEADS, DEALS = FOLDER / "olist_mql.csv", FOLDER / "olist_deals.csv"
NOT_KNOWN = {"", "unknown"}


def is_there() -> bool:
    """Say whether the files can be read."""
    return LEADS.is_file() and DEALS.is_file()


def read_leads() -> dict[str, dict[str, str]]:
    """Return the leads by id."""
    with LEADS.open(newline="", encoding="utf-8") as file:
        return {row["mql_id"]: row for row in csv.DictReader(file)}


def read_sales() -> dict[str, datetime]:
    """Return when each lead that closed was won."""
    with DEALS.open(newline="", encoding="utf-8") as file:
        return {row["mql_id"]: datetime.fromisoformat(row["won_date"]) for row in csv.DictReader(file)}


def count_sources() -> Counter[str]:
    """Return how many leads each origin brought; empty is what is not known."""
    origins = (row["origin"] for row in read_leads().values())
    return Counter("" if origin in NOT_KNOWN else origin for origin in origins)


def count_months() -> dict[date, tuple[int, int]]:
    """Return (leads, won ones) of each month of first contact."""
    sales = read_sales()
    leads: Counter[date] = Counter()
    won: Counter[date] = Counter()
    for key, row in read_leads().items():
        month = date.fromisoformat(row["first_contact_date"]).replace(day=1)
        leads[month] += 1
        won[month] += key in sales
    return {month: (count, won[month]) for month, count in leads.items()}
