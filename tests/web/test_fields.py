"""A moment is one that every zone can hold."""

import pytest
from django import forms
from django.utils import timezone

from leadhub.web.fields import MomentField


@pytest.mark.parametrize("zone", ["Asia/Tokyo", "America/Los_Angeles"])
@pytest.mark.parametrize(
    "text", ["0001-01-01T00:00", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59", "9999-12-31T23:59:59+00:00", "soon"]
)
def test_what_no_calendar_offers_is_told(zone: str, text: str) -> None:
    with timezone.override(zone), pytest.raises(forms.ValidationError):
        MomentField().clean(text)


def test_a_usual_moment_is_the_viewers() -> None:
    with timezone.override("Asia/Tokyo"):
        moment = MomentField().clean("2026-03-04T10:00")
    assert moment is not None
    assert moment.isoformat() == "2026-03-04T10:00:00+09:00"
