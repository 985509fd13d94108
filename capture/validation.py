"""Judge the values of a post: can we answer this person, and do e-mail, phone and amount make sense? Pure.

Called by the door, which tells the sender at the field, and by intake for what came in another way.
"""

from capture.money import BadAmount, parse_money
from capture.payloads import Values, read_text
from leadhub.leads.normal import normalise_email, normalise_phone
from leadhub.lib.problems import FieldError

UNREACHABLE = "Give an e-mail address or a phone number, so that we can answer."


def list_errors(*, values: Values, country: str, required: tuple[str, ...] = ()) -> tuple[FieldError, ...]:
    """Return what is wrong, in the order of the fields; `country` reads phone numbers without a prefix."""
    found = [*_check_reach(values, country), *_check_money(values)]
    wrong = {error.field for error in found}
    missing = [name for name in required if name not in wrong and not _is_given(values, name)]
    return (*found, *(FieldError(field=name, message="Please fill in this field.") for name in missing))


def _check_reach(values: Values, country: str) -> list[FieldError]:
    email, phone = read_text(values, "email"), read_text(values, "phone")
    if not email and not phone:
        return [FieldError(field="email", message=UNREACHABLE)]
    errors = []
    if email and (len(email) > 320 or normalise_email(email) is None):
        errors.append(FieldError(field="email", message="Enter an e-mail address, such as name@example.com."))
    if phone and (len(phone) > 64 or normalise_phone(phone, country) is None):
        errors.append(FieldError(field="phone", message="Enter a phone number with its area code."))
    return errors


def _check_money(values: Values) -> list[FieldError]:
    errors = []
    value = values.get("quote_value")
    if value not in (None, ""):
        try:
            parse_money(value if isinstance(value, int | float | str) else read_text(values, "quote_value"))
        except BadAmount:
            errors.append(FieldError(field="quote_value", message="Enter an amount, such as 1,200."))
    currency = read_text(values, "currency")
    if currency and not (len(currency) == 3 and currency.isascii() and currency.isalpha()):
        errors.append(FieldError(field="currency", message="Enter a currency's three letters, such as EUR."))
    return errors


def _is_given(values: Values, name: str) -> bool:
    if name == "name":
        return any(read_text(values, part) for part in ("name", "first_name", "last_name"))
    return bool(read_text(values, name))
