"""In place of `httpx._transports.default`: requests of httpx are requests of the host.

`httpx.AsyncClient` works as it is. `httpx.Client` and `httpx.get` would block, and raise an error that says so.
"""

import httpx._exceptions as exceptions
from httpx._models import Request, Response
from httpx._transports.base import AsyncBaseTransport, BaseTransport
from httpx._types import AsyncByteStream

from _duranium_guest.core.errors import FetchError, FetchTimeoutError, UnavailableError
from _duranium_guest.core.loop import loop

# The host has decoded the body, so these do not describe it any more.
_OF_THE_WIRE = ("content-encoding", "content-length", "transfer-encoding")
_OF_THE_CONNECTION = ("host", "connection", "content-length", "accept-encoding", "transfer-encoding")
MAX_TIMEOUT_MS = 60_000


class AsyncHTTPTransport(AsyncBaseTransport):
    def __init__(self, *args, retries=0, **kwargs):
        self._retries = retries

    async def __aenter__(self):
        return self

    async def __aexit__(self, exc_type=None, exc_value=None, traceback=None):
        pass

    async def handle_async_request(self, request: Request) -> Response:
        body = await request.aread()
        arguments = {
            "method": request.method,
            "url": str(request.url.copy_with(fragment=None)),
            "headers": [
                [name.decode("latin-1"), value.decode("latin-1")]
                for name, value in request.headers.raw
                if name.lower().decode("latin-1") not in _OF_THE_CONNECTION
            ],
            # httpx follows redirects itself.
            "redirect": "manual",
            **_timeout(request),
        }
        try:
            value, content = await loop.call_host("fetch", arguments, body)
        except FetchTimeoutError as error:
            raise exceptions.ReadTimeout(str(error), request=request) from error
        except FetchError as error:
            kind = exceptions.UnsupportedProtocol if error.code == "fetch-invalid" else exceptions.ConnectError
            raise kind(str(error), request=request) from error
        headers = [(name, text) for name, text in value["headers"] if name.lower() not in _OF_THE_WIRE]
        return Response(
            status_code=value["status"],
            headers=headers,
            stream=_Body(content),
            extensions={"http_version": b"HTTP/1.1", "reason_phrase": value["statusText"].encode("latin-1", "replace")},
        )


class HTTPTransport(BaseTransport):
    def __init__(self, *args, **kwargs):
        pass

    def handle_request(self, request: Request) -> Response:
        raise UnavailableError(
            "httpx.Client and httpx.get block while they wait, and a workflow cannot: "
            "use `async with httpx.AsyncClient() as client: await client.get(…)`"
        )


class _Body(AsyncByteStream):
    def __init__(self, content):
        self._content = content

    async def __aiter__(self):
        yield self._content

    async def aclose(self):
        pass


def _timeout(request):
    """The time for the whole exchange: the longest of what httpx allows for its parts."""
    seconds = [value for value in request.extensions.get("timeout", {}).values() if value is not None]
    ms = max(seconds, default=0) * 1_000
    return {"timeout": ms} if 0 < ms < MAX_TIMEOUT_MS else {}
