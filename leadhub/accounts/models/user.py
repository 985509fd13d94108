"""The human who logs in: global, since one login may belong to many organizations."""

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models

from leadhub.lib.clock import utc_now
from leadhub.lib.ids import new_id


class UserManager(BaseUserManager["User"]):
    """Creates users by e-mail address."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Create a user; without a password the account waits for a reset or an invitation."""
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """One row per login. Written by invitations and `leadhub org create`. Unique: email (lower case)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    email = models.EmailField(unique=True)
    name = models.CharField(max_length=200, blank=True)
    time_zone = models.CharField(max_length=64, blank=True, help_text="Empty: the organization's.")
    is_active = models.BooleanField(default=True)
    wants_sound = models.BooleanField(default=False)
    wants_browser_notifications = models.BooleanField(default=False)
    joined_at = models.DateTimeField(default=utc_now)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        db_table = "user"

    def __str__(self) -> str:
        return self.name or self.email
