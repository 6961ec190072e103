"""What a workflow imports beside the standard library: `from duranium import fetch`."""

from _duranium_guest.operations.context import ScheduledRun, SentExecution, WorkflowContext
from _duranium_guest.core.errors import (
    CallError,
    DuraniumError,
    FetchError,
    FetchTimeoutError,
    LimitExceededError,
    ResponseError,
    UnavailableError,
)
from _duranium_guest.http.fetch import Headers, Response, fetch
from _duranium_guest.operations.helpers import map_concurrent, retry
from _duranium_guest.operations.state import DELETE
from _duranium_guest.operations.waiting import Callback

__all__ = [
    "DELETE",
    "CallError",
    "Callback",
    "DuraniumError",
    "FetchError",
    "FetchTimeoutError",
    "Headers",
    "LimitExceededError",
    "Response",
    "ResponseError",
    "ScheduledRun",
    "SentExecution",
    "UnavailableError",
    "WorkflowContext",
    "fetch",
    "map_concurrent",
    "retry",
]
