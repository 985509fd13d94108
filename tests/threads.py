"""Work done by several threads at once, as workers and requests do it."""

import threading
import time
from collections.abc import Callable

from django.db import connection, connections


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


def wait_until_blocked(waiters: int = 1) -> None:
    """Return when so many connections wait for what another one holds."""
    deadline = time.monotonic() + 20
    waiting = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
    with connections["owner"].cursor() as cursor:
        while time.monotonic() < deadline:
            cursor.execute(waiting)
            if (cursor.fetchone() or (0,))[0] >= waiters:
                return
            time.sleep(0.02)
    raise AssertionError("Nobody waits.")
