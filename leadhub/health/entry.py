"""What every serving process checks before it takes its first request."""

from django.conf import settings

from leadhub.tenancy.isolation import require_isolation


class InsecureSecretKey(RuntimeError):
    """Sessions would be signed with a key that everybody knows."""


def require_fitness() -> None:
    """Refuse to serve where tenants are not isolated or the secret key is the public default.

    Raises NotIsolated, InsecureSecretKey.
    """
    require_isolation()
    if settings.SECRET_KEY == settings.INSECURE_SECRET_KEY and not settings.DEBUG:
        raise InsecureSecretKey("Set LEADHUB_SECRET_KEY, for example from `openssl rand -hex 32`.")
