"""`POST /mcp`: let an agent's key in, count the call, hand the message to the SDK within the request.

Nothing is kept between two messages, so any web process answers any of them (Streamable HTTP without sessions).
"""

from http import HTTPStatus

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from leadhub.accounts.access import public_view
from leadhub.accounts.key_rate import Allowance, count_call
from leadhub.api.access import read_bearer
from leadhub.api.limit import tell_allowance
from leadhub.mcp.agents import Agent, find_agent

_INVALID_REQUEST = -32600  # JSON-RPC 2.0, section 5.1
_NO_KEY = "Send an API key that is in force: `Authorization: Bearer lh_…`."
_TOO_LARGE = "This message has more than 2 MB: send less at once."


@public_view
@csrf_exempt
@require_POST
def answer_agent(request: HttpRequest) -> HttpResponse:
    """Answer one message; 401 without a key in force, 429 for the call too many."""
    secret = read_bearer(request)
    agent = find_agent(secret=secret)
    if agent is None:
        refusal = refuse(HTTPStatus.UNAUTHORIZED, _NO_KEY)
        refusal["WWW-Authenticate"] = 'Bearer realm="LeadHub"'
        return refusal
    allowance = count_call(secret=secret)
    answer = _refuse_spent(allowance) if allowance and allowance.is_spent else _converse(agent, request)
    tell_allowance(answer, allowance)
    return answer


def _converse(agent: Agent, request: HttpRequest) -> HttpResponse:
    from leadhub.mcp.transport import exchange  # imports the SDK, see the package

    try:
        body = request.body
    except RequestDataTooBig:
        return refuse(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, _TOO_LARGE)
    return exchange(agent, request, body)


def _refuse_spent(allowance: Allowance) -> HttpResponse:
    seconds = allowance.resets_in_seconds
    detail = f"This key has made its {allowance.limit} calls; call again in {seconds} s. Nothing was changed."
    refusal = refuse(HTTPStatus.TOO_MANY_REQUESTS, detail)
    refusal["Retry-After"] = str(seconds)
    return refusal


def refuse(status: HTTPStatus, message: str) -> HttpResponse:
    """Answer with a JSON-RPC error, so that clients show the message."""
    error = {"code": _INVALID_REQUEST, "message": message}
    return JsonResponse({"jsonrpc": "2.0", "id": None, "error": error}, status=status)
