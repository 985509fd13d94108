"""What nurture's tests begin with."""

import pytest

from leadhub.accounts.models import Membership
from leadhub.tenancy.scope import scope
from nurture.models import Sequence
from tests.nurture.programmes import AGAIN, CALL, HELLO, THREE_DAYS, make_sequence, set_rules


@pytest.fixture
def sends_freely(in_scope: object) -> None:
    """Rules of sending that hold no mail back."""
    set_rules()


@pytest.fixture
def sequence(max_: Membership) -> Sequence:
    """An active sequence of four steps."""
    with scope(max_.organization_id):
        set_rules()
        return make_sequence(HELLO, THREE_DAYS, AGAIN, CALL)
