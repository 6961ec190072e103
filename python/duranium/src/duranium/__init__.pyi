"""What a workflow imports beside the standard library."""

from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any, Literal, TypeVar

_T = TypeVar("_T")
_R = TypeVar("_R")

type Duration = str | int | float | timedelta
"""A text such as `"1h30m"`, a number of seconds, or a timedelta."""

type Instant = str | int | float | datetime
"""A text in ISO 8601, a number of seconds since the epoch, or a datetime with a time zone."""

type Json = Any
"""What JSON can represent."""

class WorkflowContext:
    """What an execution knows of itself, and the operations of Duranium."""

    workflow_id: str
    """The ID of the workflow."""
    version: int
    """The version that this execution runs, from its start to its end."""
    execution_id: str
    """The ID of the execution. It serves as an idempotency key."""
    entry_point: str | None
    """The entry point that the caller named."""
    schedule: ScheduledRun | None
    """The run of the schedule that started the execution."""
    state: State
    """Values that all executions of the workflow share."""
    secrets: Secrets
    """Placeholders of secrets, which are replaced when a request leaves the sandbox."""

    async def sleep(self, duration: Duration) -> None:
        """Waits without using memory, also for months: `await ctx.sleep("5m")`."""
    async def sleep_until(self, instant: Instant) -> None:
        """Waits until an instant."""
    async def wait_for_event(self, name: str, *, timeout: Duration | None = None) -> Json:
        """Waits for an event, and returns its payload. Raises TimeoutError after `timeout`."""
    def create_callback(self, *, timeout: Duration | None = None) -> Callback:
        """Creates a URL for another system. Awaiting it gives the JSON that the system posts to it."""
    async def call(self, workflow_id: str, payload: Json = None, *, entry_point: str | None = None) -> Json:
        """Executes another workflow, and returns its result. Raises CallError if it fails."""
    async def send(self, workflow_id: str, payload: Json = None, *, entry_point: str | None = None, delay: Duration | None = None, at: Instant | None = None) -> SentExecution:
        """Starts an execution of another workflow, now or later, without waiting for it."""
    async def tag(self, *tags: str) -> None:
        """Adds tags to the execution, by which it is found."""
    async def retry(self, operation: Callable[..., _R | Awaitable[_R]], *, attempts: int = 5, delay: Duration = 1, factor: float = 2, max_delay: Duration = 60, should_retry: Callable[[Exception, int], bool | Awaitable[bool]] | None = None) -> _R:
        """Calls a function until it succeeds, with growing pauses."""

class State:
    """Values that all executions of a workflow share, by key."""

    async def get(self, key: str, default: Json = None) -> Json:
        """The value of a key."""
    async def set(self, key: str, value: Json) -> None:
        """Sets the value of a key."""
    async def update(self, key: str, change: Callable[[Json], Json | Awaitable[Json]], default: Json = None) -> Json:
        """Changes a value atomically: `change` gets the value and returns the new one, or DELETE."""
    async def delete(self, key: str) -> None:
        """Deletes a key."""
    async def keys(self) -> list[str]:
        """All keys."""

class Secrets:
    """Secrets by name, as `ctx.secrets.API_KEY` or `ctx.secrets["API_KEY"]`."""

    def __getattr__(self, name: str) -> str: ...
    def __getitem__(self, name: str) -> str: ...
    def __contains__(self, name: object) -> bool: ...
    async def hmac_sha256(self, name: str, data: str | bytes) -> bytes:
        """Signs data with a secret that never enters the sandbox. Returns 32 bytes."""

class Callback(Awaitable[Json]):
    """A URL for another system, and the JSON that it posts."""

    url: str
    """The address to pass to the other system. It can be used once."""
    async def wait(self, timeout: Duration | None = None) -> Json:
        """The posted JSON. Raises TimeoutError if it does not come in time."""

class ScheduledRun:
    """The run of a schedule."""

    id: str
    """The ID of the schedule."""
    scheduled_at: str
    """When the run was due, in ISO 8601."""
    previous_at: str | None
    """When the previous run was due."""

class SentExecution:
    """An execution that `ctx.send` has started."""

    execution_id: str
    """Its ID."""

class Headers(Mapping[str, str]):
    """Headers of a response. Names are case-insensitive."""

    def __getitem__(self, name: str) -> str: ...
    def __iter__(self) -> Iterator[str]: ...
    def __len__(self) -> int: ...
    def get_all(self, name: str) -> list[str]:
        """Every value of a header, such as `set-cookie`."""

class Response:
    """A response whose body has arrived."""

    status: int
    """The status code."""
    status_text: str
    """The reason phrase."""
    url: str
    """The URL after redirects."""
    redirected: bool
    """Whether a redirect was followed."""
    content: bytes
    """The body."""
    @property
    def headers(self) -> Headers:
        """The headers."""
    @property
    def status_code(self) -> int:
        """The status code, as in requests and httpx."""
    @property
    def ok(self) -> bool:
        """True for a status of 200 to 299."""
    def text(self) -> str:
        """The body as text."""
    def json(self) -> Json:
        """The body as JSON."""
    def raise_for_status(self) -> Response:
        """Returns the response, or raises ResponseError for a status of 400 or more."""

async def fetch(url: str, *, method: str | None = None, params: Mapping[str, Any] | Iterable[tuple[str, Any]] | None = None, headers: Mapping[str, str] | Iterable[tuple[str, str]] | None = None, json: Json = ..., data: str | bytes | Mapping[str, Any] | None = None, files: Mapping[str, Any] | None = None, auth: tuple[str, str] | None = None, timeout: Duration | None = None, retry: Mapping[str, Any] | int | bool | None = None, redirect: Literal["follow", "error", "manual"] = "follow", integrity: str | None = None) -> Response:
    """Sends a request, and returns its response. It is stored, so it is not sent again after a restart."""

async def retry(operation: Callable[..., _R | Awaitable[_R]], *, attempts: int = 5, delay: Duration = 1, factor: float = 2, max_delay: Duration = 60, should_retry: Callable[[Exception, int], bool | Awaitable[bool]] | None = None) -> _R:
    """Calls a function until it succeeds, with growing pauses that use no memory."""

async def map_concurrent(items: Iterable[_T], operation: Callable[[_T], _R | Awaitable[_R]], *, concurrency: int) -> list[_R]:
    """Calls a function for each item, at most `concurrency` at a time, and returns the results in order."""

DELETE: Any
"""What the function of `ctx.state.update` returns to delete the key."""

class DuraniumError(Exception):
    """An operation of Duranium failed."""

    name: str
    """The name of the error."""
    code: str | None
    """Stable, such as `fetch-failed`."""

class FetchError(DuraniumError):
    """A request without a response."""

class FetchTimeoutError(FetchError, TimeoutError):
    """A request whose response did not come within its `timeout`."""

class ResponseError(DuraniumError):
    """Raised by `Response.raise_for_status`."""

    response: Response
    """The response."""
    status: int
    """Its status code."""

class CallError(DuraniumError):
    """The execution that `ctx.call` waited for failed."""

class LimitExceededError(DuraniumError, ValueError):
    """A limit of the installation or of the workflow."""

class UnavailableError(OSError, NotImplementedError):
    """What a workflow cannot do, such as opening a socket."""
