"""Bring the guides' photographs into docs/images, small. Called by `make pictures`."""

from pathlib import Path
from typing import cast

from PIL import Image

from tests.journeys.browser import SCREENSHOTS

IMAGES = Path(__file__).resolve().parents[2] / "docs" / "images"
MOST_BYTES = 150_000


def shrink(*, source: Path, target: Path) -> None:
    """Write the photograph with its 256 most frequent colours, or fewer until it fits into `MOST_BYTES`."""
    with Image.open(source) as photograph:
        picture = photograph.convert("RGB")
    counted = cast("list[tuple[int, tuple[int, int, int]]]", picture.getcolors(picture.width * picture.height))
    counted.sort(reverse=True)
    for colours in (256, 128, 64, 32):
        palette = Image.new("P", (1, 1))
        palette.putpalette([part for _, colour in counted[:colours] for part in colour])
        picture.quantize(palette=palette, dither=Image.Dither.NONE).save(target, optimize=True)
        if target.stat().st_size <= MOST_BYTES:
            return


def main() -> None:
    """Replace the guides' pictures by what was photographed last."""
    for source in sorted(SCREENSHOTS.glob("guide-*.png")):
        target = IMAGES / source.name
        shrink(source=source, target=target)
        print(f"{target.relative_to(IMAGES.parents[1])}  {target.stat().st_size // 1000} kB")


if __name__ == "__main__":
    main()
