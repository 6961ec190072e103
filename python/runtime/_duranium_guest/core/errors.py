"""The exceptions that a workflow can catch. `duranium` exports them."""


class DuraniumError(Exception):
    """What an operation of the host failed with. `name` and `code` are the host's: `code` is stable."""

    def __init__(self, message="", *, name=None, code=None):
        super().__init__(message)
        self.name = name or type(self).__name__
        self.code = code


class FetchError(DuraniumError):
    """A request without a response: refused, malformed, or a failure of the network."""


class FetchTimeoutError(FetchError, TimeoutError):
    """A request whose response did not come within its `timeout`."""


class ResponseError(DuraniumError):
    """Raised by `Response.raise_for_status`. `response` is the response."""

    def __init__(self, message, response):
        super().__init__(message, code=None)
        self.response = response
        self.status = response.status


class CallError(DuraniumError):
    """The failure of an execution that `ctx.call` waited for. `name` and `code` are those of that failure."""


class LimitExceededError(DuraniumError, ValueError):
    """A limit of the installation or of the workflow. Its `code` is `limit-exceeded`."""

    def __init__(self, message, *, name=None, code="limit-exceeded"):
        super().__init__(message, name=name, code=code)


class UnavailableError(OSError, NotImplementedError):
    """What a workflow cannot do, such as opening a socket. The message names what to use instead."""


def describe_host_error(operation: str, error: dict) -> DuraniumError:
    """The exception for the error of an outcome: `{name, message, code?, cause?}`."""
    name, message, code = str(error.get("name")), str(error.get("message")), error.get("code")
    cause = error.get("cause")
    described = _exception(operation, name, code)
    if operation == "fetch" and isinstance(cause, dict) and cause.get("message"):
        message = f"{message}: {cause['message']}"
    raised = described(message, name=name if described in _named else None, code=code)
    if isinstance(cause, dict):
        raised.__cause__ = describe_host_error("", cause)
    return raised


# In these the name is the one of the failure that is reported, not that of the class.
_named = (DuraniumError, CallError)


def _exception(operation, name, code):
    if operation == "fetch":
        return FetchTimeoutError if name == "TimeoutError" or code == "fetch-timeout" else FetchError
    if code == "limit-exceeded":
        return LimitExceededError
    return CallError if operation in ("call", "send") else DuraniumError
