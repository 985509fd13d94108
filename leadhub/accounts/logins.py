"""Make log-ins. The address counts as proven: an operator or an invitation vouches for it."""

from allauth.account.models import EmailAddress

from leadhub.accounts.models import User


def create_login(*, email: str, password: str, name: str) -> User:
    """Create a user with a proven e-mail address."""
    user = User.objects.create_user(email, password, name=name)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user
