"""What a worker, beat or the live process checks before it does anything. The entry points call it."""

import logging
import time

from django.db import InterfaceError, OperationalError, connection

from leadhub.tenancy.isolation import NotIsolated, require_isolation

_log = logging.getLogger(__name__)
_WAIT_SECONDS = 60
_LOOK_EVERY_SECONDS = 0.5


def require_isolation_or_exit() -> None:
    """Return where tenants are isolated, else end the process; its supervisor starts it again.

    Waits a minute for a database that is starting. SystemExit, since Celery swallows any Exception here.
    """
    deadline = time.monotonic() + _WAIT_SECONDS
    while True:
        try:
            require_isolation()
            return
        except NotIsolated as error:
            raise SystemExit(str(error)) from error
        except (OperationalError, InterfaceError) as error:
            if time.monotonic() > deadline:
                raise SystemExit(f"The database does not answer: {error}") from error
            _log.warning("Waiting for the database: %s", error)
            time.sleep(_LOOK_EVERY_SECONDS)
        finally:
            connection.close()
