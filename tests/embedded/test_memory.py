"""PostgreSQL's memory follows the machine's, within bounds."""

import pytest

from leadhub.embedded.memory import choose_memory_settings, measure_memory


@pytest.mark.parametrize(
    ("megabytes", "buffers", "cached"),
    [(512, "128MB", "256MB"), (4096, "512MB", "2048MB"), (64 * 1024, "2048MB", "32768MB")],
)
def test_an_eighth_within_bounds(megabytes: int, buffers: str, cached: str) -> None:
    assert choose_memory_settings(megabytes=megabytes) == {"shared_buffers": buffers, "effective_cache_size": cached}


def test_this_machine_has_some() -> None:
    assert measure_memory() > 0
