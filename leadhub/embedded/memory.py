"""How much of the machine's memory PostgreSQL may keep pages in: it shares the machine with the web and the workers."""

import os
from pathlib import Path

# A container may be given less than the machine has.
_LIMIT = Path("/sys/fs/cgroup/memory.max")
_MEGABYTE = 1024 * 1024
_LEAST, _MOST = 128, 2048


def choose_memory_settings(*, megabytes: int) -> dict[str, str]:
    """Return PostgreSQL's settings: an eighth of the memory for its own pages, from 128 MB to 2 GB."""
    buffers = min(max(megabytes // 8, _LEAST), _MOST)
    return {"shared_buffers": f"{buffers}MB", "effective_cache_size": f"{max(megabytes // 2, 2 * buffers)}MB"}


def measure_memory() -> int:
    """Return the megabytes that this machine, or the container around us, has."""
    megabytes = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // _MEGABYTE
    try:
        limit = _LIMIT.read_text().strip()
    except OSError:
        return megabytes
    return min(megabytes, int(limit) // _MEGABYTE) if limit.isdigit() else megabytes
