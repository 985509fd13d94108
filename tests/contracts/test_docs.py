"""The documents tell the truth: links lead somewhere, pictures are small, pages and words are the product's."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import Resolver404, resolve

ROOT = Path(settings.BASE_DIR)
DOCS = ROOT / "docs"
GUIDES = sorted((DOCS / "guide").glob("*.md"))
PAGES = sorted([ROOT / "README.md", *DOCS.rglob("*.md")])
LINK = re.compile(r"\]\(([^)\s]+)\)")
PICTURE_BYTES = 150_000
WORDS = [*ROOT.glob("templates/**/*.html"), *ROOT.glob("leadhub/**/*.py")] + [
    path
    for feature in ("capture", "scoring", "routing", "nurture", "reporting")
    for path in ROOT.glob(f"{feature}/**/*.py")
]


def list_links(page: Path) -> list[str]:
    """Return the links of a page that lead to a file or a heading of ours."""
    text = re.sub(r"```.*?```", "", page.read_text(), flags=re.DOTALL)
    return [link for link in LINK.findall(text) if "://" not in link]


def list_anchors(page: Path) -> set[str]:
    """Return the anchors that its headings make."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_somewhere(page: Path) -> None:
    for link in list_links(page):
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), link
        assert not anchor or anchor in list_anchors(target), link


def test_every_picture_is_small_and_shown() -> None:
    shown = {(page.parent / link).resolve() for page in PAGES for link in list_links(page)}
    pictures = [path for path in (DOCS / "images").iterdir() if path.suffix in {".png", ".svg"}]
    assert [path.name for path in pictures if path.resolve() not in shown] == []
    assert [path.name for path in pictures if path.stat().st_size > PICTURE_BYTES] == []


def test_every_photograph_is_made_by_the_journey() -> None:
    journey = (ROOT / "tests" / "journeys" / "test_guide.py").read_text()
    photographs = [path.stem for path in (DOCS / "images").glob("*.png")]
    assert [name for name in photographs if f'"{name}"' not in journey] == []


@pytest.mark.parametrize("guide", GUIDES, ids=lambda guide: guide.stem)
def test_every_page_that_a_guide_names_is_there(guide: Path) -> None:
    missing = []
    for path in re.findall(r"`(?:GET |POST )?(/[^`]*/)`", guide.read_text()):
        try:
            resolve(re.sub(r"<id>", "0198c2f0-5f3a-7cc1-9d0e-3f1f0a6f7c11", path))
        except Resolver404:
            missing.append(path)
    assert missing == []


def test_what_the_guides_print_bold_stands_in_the_product() -> None:
    product = re.sub(r"\s+", " ", " ".join(path.read_text() for path in WORDS))
    said = {words for guide in GUIDES[:] for words in re.findall(r"\*\*([^*]+?)\*\*", guide.read_text())}
    promises = set(re.findall(r"^- \*\*(.+?)\*\*", (DOCS / "guide" / "developer.md").read_text(), re.MULTILINE))
    labels = {re.sub(r"\s+", " ", words) for words in said - promises}
    assert sorted(label for label in labels if label not in product) == []


def test_every_decision_is_in_the_index() -> None:
    index = (DOCS / "adr" / "README.md").read_text()
    assert [path.name for path in (DOCS / "adr").glob("0*.md") if f"({path.name})" not in index] == []


def test_every_document_is_in_the_index() -> None:
    linked = {(DOCS / link.partition("#")[0]).resolve() for link in list_links(DOCS / "README.md")}
    documents = [*DOCS.glob("*.md"), *GUIDES, DOCS / "adr" / "README.md"]
    assert [
        str(path.relative_to(DOCS)) for path in documents if path.resolve() not in linked | {DOCS / "README.md"}
    ] == []
