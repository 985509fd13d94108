"""Tell a program how many calls its key has left, and refuse the one too many. Called by `access`."""

from http import HTTPStatus

from django.http import HttpResponse
from django.http.response import HttpResponseBase

from leadhub.accounts.key_rate import Allowance
from leadhub.api.unrouted import answer_problem


def refuse_call(allowance: Allowance) -> HttpResponse:
    """Answer 429 with the instant from which the key may call again."""
    seconds = allowance.resets_in_seconds
    detail = f"This key has made its {allowance.limit} calls; call again in {seconds} s. Nothing was changed."
    answer = answer_problem(HTTPStatus.TOO_MANY_REQUESTS, detail)
    answer["Retry-After"] = str(seconds)
    tell_allowance(answer, allowance)
    return answer


def tell_allowance(answer: HttpResponseBase, allowance: Allowance | None) -> None:
    """Put the headers on an answer (draft-ietf-httpapi-ratelimit-headers-03) where calls are counted."""
    if allowance is not None:
        answer["RateLimit-Limit"] = str(allowance.limit)
        answer["RateLimit-Remaining"] = str(allowance.left)
        answer["RateLimit-Reset"] = str(allowance.resets_in_seconds)
