"""Fields of the pages' forms: a country that we know, a moment that every time zone can hold, in the API's years."""

from datetime import datetime
from typing import Any

from django import forms

from leadhub.lib.countries import explain_unknown, read_country

EARLIEST, LATEST = 1970, 2199


class MomentField(forms.DateTimeField):
    """A local day and time, as browsers' own calendars post it; a year that no calendar offers is told."""

    def to_python(self, value: Any) -> datetime | None:
        """Return the moment in the active zone."""
        moment = self._read(value)
        if moment is not None and not EARLIEST <= moment.year <= LATEST:
            raise forms.ValidationError(f"Choose a day between {EARLIEST} and {LATEST}.")
        return moment

    def _read(self, value: Any) -> datetime | None:
        try:
            moment: datetime | None = super().to_python(value)
        except OverflowError as error:  # a year at the calendar's end in a zone on its other side
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid") from error
        return moment


class CountryField(forms.CharField):
    """A country's name or code, as they wrote it; what names none is told, with the nearest one."""

    def validate(self, value: Any) -> None:
        """Refuse a word that is no country."""
        super().validate(value)
        if value and read_country(value) is None:
            raise forms.ValidationError(explain_unknown(value), code="invalid")
