"""Work done by several threads at once, as workers and requests do it."""

import threading
from collections.abc import Callable

from django.db import connection


def in_threads(work: Callable[[], None], count: int) -> None:
    """Run the work in several threads at once, each with a connection of its own."""
    start = threading.Barrier(count)
    errors: list[BaseException] = []

    def run() -> None:
        try:
            start.wait()
            work()
        except BaseException as error:  # noqa: BLE001 (a thread's error must reach the test)
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
