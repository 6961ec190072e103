"""`fetch`: one request of the host, and its response."""

import base64
import hashlib
from collections.abc import Mapping

from _duranium_guest.core.errors import FetchError, ResponseError
from _duranium_guest.http.body import header_list, loads, request_body, request_url
from _duranium_guest.http.retry import retry_option, timeout_option
from _duranium_guest.core.loop import loop

_REDIRECTS = ("follow", "error", "manual")
_UNSET = object()


async def fetch(
    url,
    *,
    method=None,
    params=None,
    headers=None,
    json=_UNSET,
    data=None,
    files=None,
    auth=None,
    timeout=None,
    retry=None,
    redirect="follow",
    integrity=None,
):
    body, content_type = request_body(() if json is _UNSET else (json,), data, files)
    listed = header_list(headers, auth)
    if content_type is not None and not any(name.lower() == "content-type" for name, _ in listed):
        listed.append(["content-type", content_type])
    if redirect not in _REDIRECTS:
        raise ValueError(f'redirect is "follow", "error" or "manual", not {redirect!r}')
    arguments = {
        "method": _method(method, json is not _UNSET or data is not None or files is not None),
        "url": request_url(url, params),
        "headers": listed,
        "redirect": redirect,
        **timeout_option(timeout),
        **retry_option(retry),
    }
    value, received = await loop.call_host("fetch", arguments, body)
    if integrity:
        _require_integrity(received, integrity, arguments["url"])
    return Response(value, received)


def _method(method, has_body):
    if method is None:
        return "POST" if has_body else "GET"
    if not isinstance(method, str):
        raise TypeError(f"The method of a request is text, not {type(method).__name__}")
    # As the Fetch standard normalizes them; other methods are sent as they are.
    upper = method.upper()
    return upper if upper in ("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH") else method


class Headers(Mapping):
    """The headers of a response. Names are case-insensitive. Values of one name are joined by commas."""

    __slots__ = ("_listed",)

    def __init__(self, listed):
        self._listed = [(name.lower(), value) for name, value in listed]

    def __getitem__(self, name):
        values = self.get_all(name)
        if not values:
            raise KeyError(name)
        return ", ".join(values)

    def __iter__(self):
        return iter(dict.fromkeys(name for name, _ in self._listed))

    def __len__(self):
        return len({name for name, _ in self._listed})

    def __contains__(self, name):
        return isinstance(name, str) and any(one == name.lower() for one, _ in self._listed)

    def __repr__(self):
        return f"Headers({dict(self)!r})"

    def get_all(self, name):
        """Every value of a header, such as `set-cookie`."""
        wanted = str(name).lower()
        return [value for one, value in self._listed if one == wanted]


class Response:
    """A response whose body has arrived."""

    __slots__ = ("status", "status_text", "url", "redirected", "content", "_received", "_headers")

    def __init__(self, value, content):
        self.status = value["status"]
        self.status_text = value.get("statusText", "")
        self.url = value.get("url", "")
        self.redirected = value.get("redirected", False)
        self.content = content
        self._received = value.get("headers", [])
        self._headers = None

    def __repr__(self):
        return f"<Response {self.status} {self.url}>"

    @property
    def headers(self):
        if self._headers is None:
            self._headers = Headers(self._received)
        return self._headers

    @property
    def status_code(self):
        return self.status

    @property
    def ok(self):
        return 200 <= self.status < 300

    def text(self):
        """The body, decoded as its content type says, else as UTF-8. Invalid bytes are replaced."""
        try:
            return self.content.decode(self._charset(), "replace")
        except (LookupError, ValueError):
            # The server names an unknown encoding, or one that is not for such data, such as "idna".
            return self.content.decode("utf-8", "replace")

    def json(self):
        return loads(self.content)

    def raise_for_status(self):
        """Returns the response, or raises ResponseError for a status of 400 or more."""
        if self.status < 400:
            return self
        shown = f"{self.status} {self.status_text}".strip()
        raise ResponseError(f"{self.url.partition('?')[0]} answered {shown}", self)

    def _charset(self):
        for part in self.headers.get("content-type", "").split(";")[1:]:
            name, _, value = part.partition("=")
            if name.strip().lower() == "charset":
                return value.strip().strip("\"'") or "utf-8"
        return "utf-8"


def _require_integrity(received, integrity, url):
    """Subresource Integrity: the strongest algorithm among the given digests counts."""
    digests = [one.partition("?")[0].partition("-") for one in integrity.split()]
    known = [(name, digest) for name, _, digest in digests if name in ("sha256", "sha384", "sha512")]
    if not known:
        raise ValueError("integrity is sha256-…, sha384-… or sha512-…")
    strongest = max(name for name, _ in known)
    actual = base64.b64encode(hashlib.new(strongest, received).digest()).decode().rstrip("=")
    if not any(name == strongest and digest.rstrip("=") == actual for name, digest in known):
        raise FetchError(f"fetch failed: the response of {url.partition('?')[0]} does not match its integrity", code="fetch-failed")
