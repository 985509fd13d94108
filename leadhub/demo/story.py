"""Who and what the demo tells of: a home-services company, its marketing, the people who write to it."""

from dataclasses import dataclass, field

from leadhub.leads.models import DispositionCode

COMPANY = "Northwind Exteriors"
PASSWORD = "leadhub demo"  # noqa: S105 (of a demo, printed at its start)
TIME_ZONE = "America/Chicago"

FIRST_NAMES = [
    "Olivia",
    "Liam",
    "Emma",
    "Noah",
    "Amelia",
    "Oliver",
    "Sophia",
    "Theo",
    "Mia",
    "James",
    "Isabella",
    "Henry",
    "Evelyn",
    "Lucas",
    "Harper",
    "Daniel",
    "Camila",
    "Mateo",
    "Nora",
    "Elijah",
    "Luna",
    "Samuel",
    "Ella",
    "David",
    "Aria",
    "Joseph",
    "Chloe",
    "Carter",
    "Layla",
    "Owen",
    "Zoe",
    "Wyatt",
    "Hazel",
    "Caleb",
    "Ivy",
    "Marcus",
]
LAST_NAMES = [
    "Smith",
    "Johnson",
    "Garcia",
    "Nguyen",
    "Miller",
    "Davis",
    "Martinez",
    "Lopez",
    "Wilson",
    "Anderson",
    "Thomas",
    "Moore",
    "Jackson",
    "Martin",
    "Lee",
    "Perez",
    "Thompson",
    "White",
    "Harris",
    "Sanchez",
    "Clark",
    "Ramirez",
    "Lewis",
    "Robinson",
    "Walker",
    "Young",
    "Allen",
    "King",
    "Wright",
    "Scott",
    "Torres",
    "Hill",
]
COMPANIES = (
    ("Lakeview Property Group", "lakeviewproperty.example"),
    ("Harbor Homes", "harborhomes.example"),
    ("Maple Street Condos", "maplestreetcondos.example"),
    ("Birch & Sons Construction", "birchandsons.example"),
)


@dataclass(frozen=True, kw_only=True)
class Town:
    """Where visitors live: the state, the postal codes, and the area codes of its telephones."""

    name: str
    state: str
    postal_codes: tuple[str, ...]
    area_codes: tuple[str, ...]


TOWNS = (
    Town(name="Chicago", state="IL", postal_codes=("60614", "60618", "60625", "60657"), area_codes=("312", "773")),
    Town(name="Evanston", state="IL", postal_codes=("60201", "60202"), area_codes=("847",)),
    Town(name="Naperville", state="IL", postal_codes=("60540", "60563", "60565"), area_codes=("630",)),
    Town(name="Milwaukee", state="WI", postal_codes=("53207", "53211", "53213"), area_codes=("414",)),
    Town(name="Madison", state="WI", postal_codes=("53703", "53705", "53711"), area_codes=("608",)),
)
AREA_CODES = tuple(code for town in TOWNS for code in town.area_codes)
STREETS = (
    "Maple Avenue",
    "Oak Street",
    "Elm Street",
    "Ridge Road",
    "Lake Street",
    "Prairie Avenue",
    "Washington Street",
    "Lincoln Avenue",
    "Highland Court",
    "Birch Lane",
)


@dataclass(frozen=True, kw_only=True)
class Source:
    """Where visitors come from: how often, how good they are, what they are worth, and what one costs in dollars.

    Costs are those of home services in a large city; what is sold returns some four to twelve times as much.
    """

    weight: int
    quality: float
    value_factor: float
    values: dict[str, str] = field(default_factory=dict)
    campaigns: tuple[str, ...] = ("",)
    terms: tuple[str, ...] = ("",)
    click_id: str = ""
    cost_per_lead: int = 0


SOURCES = (
    Source(
        weight=24,
        quality=0.5,
        value_factor=1.2,
        values={"utm_source": "google", "utm_medium": "cpc"},
        campaigns=("siding-spring", "roof-replacement", "brand"),
        terms=("siding contractor near me", "roof replacement cost", "northwind exteriors"),
        click_id="gclid",
        cost_per_lead=235,
    ),
    Source(
        weight=26,
        quality=0.18,
        value_factor=0.6,
        values={"utm_source": "facebook", "utm_medium": "paid_social"},
        campaigns=("before-after-video", "spring-discount"),
        click_id="fbclid",
        cost_per_lead=75,
    ),
    Source(
        weight=11,
        quality=0.3,
        value_factor=0.9,
        values={"utm_source": "bing", "utm_medium": "cpc"},
        campaigns=("siding-search",),
        terms=("vinyl siding installers", "metal roof quote"),
        click_id="msclkid",
        cost_per_lead=160,
    ),
    Source(weight=14, quality=0.5, value_factor=1.0, values={"referrer": "https://www.google.com/"}, cost_per_lead=200),
    Source(weight=6, quality=0.6, value_factor=1.4, values={"referrer": "https://www.lakecountyneighbors.example/"}),
    Source(
        weight=7,
        quality=0.6,
        value_factor=0.8,
        values={"utm_source": "newsletter", "utm_medium": "email"},
        campaigns=("march-letter", "storm-checklist"),
        cost_per_lead=110,
    ),
    Source(weight=4, quality=0.55, value_factor=1.1, values={"referrer": "https://chatgpt.com/"}),
    Source(weight=5, quality=0.4, value_factor=0.9, values={"visitor_id": "direct", "landing_page": "/"}),
    Source(weight=3, quality=0.35, value_factor=0.8),
)


@dataclass(frozen=True, kw_only=True)
class Service:
    """What the company sells: its usual price, its page, and how people ask for it."""

    name: str
    price: int
    page: str
    messages: tuple[str, ...]


SERVICES = (
    Service(
        name="Siding",
        price=11_500,
        page="/siding",
        messages=(
            "Our vinyl siding cracked in the hail last month. Could somebody look at it this week?",
            "We want to replace the siding of a two-storey house, about 2,100 square feet. What would it cost?",
            "Comparing fibre cement and vinyl. Please call me after 5 pm.",
        ),
    ),
    Service(
        name="Roofing",
        price=12_800,
        page="/roofing",
        messages=(
            "There is a leak above the bedroom since the storm. We need somebody soon.",
            "The roof is 22 years old and the insurer asks for a replacement. Looking for three quotes.",
            "Do you install standing-seam metal roofs? House is in Evanston.",
        ),
    ),
    Service(
        name="Windows",
        price=7_400,
        page="/windows",
        messages=(
            "Eleven windows, all from 1994. Do you finance?",
            "Condensation between the panes in four windows. Repair or replace?",
        ),
    ),
)
QUESTIONS = (
    "Do you work in Waukegan?",
    "How long does new siding take for a small house?",
    "Is there a discount if we do roof and siding together?",
)
CALLS = (
    "Called about hail damage on the north side.",
    "Called for a price per square; owns a ranch house.",
    "Called twice: water under the shingles after last night's rain.",
    "Called to ask how soon a crew could start.",
)
NOT_LEADS = (
    "I am looking for a job as a roofer, five years of experience.",
    "We offer SEO services with guaranteed first page results.",
)
LOST_REASONS = (
    ("Price", DispositionCode.COMPETITOR),
    ("Chose a competitor", DispositionCode.COMPETITOR),
    ("Project postponed", DispositionCode.TIMING),
    ("No decision", DispositionCode.COLD),
)
NOTES = (
    "Wants the work done before summer.",
    "Husband decides too: call again on Thursday.",
    "Has a quote of a competitor at 11,900.",
    "Sent the brochure, will think about it.",
)
