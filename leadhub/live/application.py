"""The live process as an ASGI application: one route that streams, one that hears who looks, one that says it is there.

It trusts a signed token that the page carries, and holds no transaction while it streams.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from urllib.parse import urlsplit

from django.conf import settings
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from leadhub.lib.clock import utc_now
from leadhub.live.hub import Hub
from leadhub.live.looking import end_look, note_look, read_look_token
from leadhub.live.stream import Stream
from leadhub.live.tokens import BadToken, read_token


def build_application() -> Starlette:
    """Return the application, its hub listening while it runs."""
    hub = Hub()

    @contextlib.asynccontextmanager
    async def live(_application: Starlette) -> AsyncIterator[None]:
        listening = asyncio.create_task(hub.run())
        yield
        listening.cancel()

    async def stream(request: Request) -> Response:
        listener = read_token(request.query_params.get("token", ""), now=utc_now())
        last_event_id = request.headers.get("Last-Event-ID") or request.query_params.get("last_event_id", "")
        written = Stream(listener=listener, hub=hub, last_event_id=last_event_id).write()
        headers = {**allow_origin(request), "Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        return StreamingResponse(written, media_type="text/event-stream", headers=headers)

    async def answer_probe(_request: Request) -> Response:
        return PlainTextResponse("ok" if hub.hears else "ok, without Redis")

    routes = [
        Route("/live/stream", stream),
        Route("/live/looking", hear_look, methods=["POST"]),
        Route("/live/healthz", answer_probe),
        Route("/healthz", answer_probe),
    ]
    return Starlette(routes=routes, lifespan=live, exception_handlers={BadToken: refuse_token})


async def hear_look(request: Request) -> Response:
    """Note that a member looks at a lead, or with `?left` that they no longer do; answer with who else does, by id."""
    look = read_look_token(request.query_params.get("token", ""), now=utc_now())
    headers = allow_origin(request)
    if "left" in request.query_params:
        await asyncio.to_thread(end_look, look)
        return Response(status_code=204, headers=headers)
    others = await asyncio.to_thread(note_look, look, now=utc_now())
    return JSONResponse({"others": others}, headers={**headers, "Cache-Control": "no-store"})


async def refuse_token(request: Request, error: Exception) -> Response:
    """Say what is wrong with the token: the page fetches a new one."""
    return PlainTextResponse(str(error), status_code=401, headers=allow_origin(request))


def allow_origin(request: Request) -> dict[str, str]:
    """Return the CORS headers: pages of ours may read the stream, no others.

    Ours are PUBLIC_URL's, and any page of the asked host where LIVE_URL takes its host from the page's.
    """
    origin = request.headers.get("Origin", "")
    host = urlsplit(origin).hostname
    is_ours = origin == settings.PUBLIC_URL or ("{host}" in settings.LIVE_URL and host == request.url.hostname)
    return {"Access-Control-Allow-Origin": origin, "Vary": "Origin"} if is_ours else {"Vary": "Origin"}
