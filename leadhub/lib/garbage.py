"""Keep Python's collector away from work that makes thousands of objects and drops them by itself. Used by imports.

Each pass over the whole heap of a Django process takes some 40 ms, and a chunk of an import set off several: a third
of its time. Reference counts free what it leaves all the same.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def without_collecting() -> Iterator[None]:
    """Run the block without looking for cycles; what it leaves of them is found after."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
