"""In place of `requests.adapters`. Requests of this package block while they wait, and a workflow cannot."""

from _duranium_guest.core.errors import UnavailableError

DEFAULT_POOLBLOCK = False
DEFAULT_POOLSIZE = 10
DEFAULT_RETRIES = 0
DEFAULT_POOL_TIMEOUT = None


class BaseAdapter:
    def send(self, request, stream=False, timeout=None, verify=True, cert=None, proxies=None):
        raise NotImplementedError

    def close(self):
        pass


class HTTPAdapter(BaseAdapter):
    def __init__(self, *args, **kwargs):
        pass

    def send(self, request, stream=False, timeout=None, verify=True, cert=None, proxies=None):
        raise UnavailableError(
            "requests blocks while it waits, and a workflow cannot: use `await fetch(url, …)` of the module duranium, "
            "or httpx.AsyncClient, which has the same methods with await"
        )
