"""The functions that the engine's exports call: the protocol of `wit/runtime.wit`.

1. None of them raises. If one did, the engine would report a prepared failure.
2. Everything that a workflow can observe follows from its source, the record `ctx`, the payload, and the answers in the
   order of their delivery.
3. A turn ends when nothing is ready. The host then reports the end of the turn by a `settle` with an id that no call has.
"""

import asyncio
import gc

import _duranium
from _duranium_guest.core import loop as loop_module
from _duranium_guest.modules import files
from _duranium_guest.modules import workflow as workflow_module
from _duranium_guest.operations import waiting
from _duranium_guest.platform import common_modules, console, key_derivation, stand_ins, time_zones, unavailable
from _duranium_guest.operations.context import WorkflowContext
from _duranium_guest.core.encoding import decode_json
from _duranium_guest.core.failure import encode_failure
from _duranium_guest.core.loop import end_other_tasks, failed_tasks, loop
from _duranium_guest.core.strict_json import to_strict_json

END_OF_TURN = 0xFFFFFFFF
# Uncaught exceptions that are reported per turn. The first ends the execution, and each is written to the console.
MAX_REPORTED = 10

_workflow = None
_members = b""
# True after `complete` or `fail`: the host takes the first of them.
_has_ended = False


def evaluate(source):
    global _workflow, _members, _has_ended
    try:
        # The build of an engine may have run a workflow before.
        _workflow, _members, _has_ended = None, b"", False
        loop.reset()
        waiting.reset()
        files.unload()
        unavailable.seed_random(bytes(32))
        _workflow = workflow_module.load(source)
        console.end_lines()
        # Collections of an execution leave the objects of the image alone, and so their memory pages unchanged.
        gc.collect()
        gc.freeze()
    except BaseException as error:
        return encode_failure(error)


def declarations():
    try:
        return True, _workflow.declarations()
    except BaseException as error:
        return False, encode_failure(error)


def extend(members):
    global _members
    _members = members


def run(workflow_id, version, execution_id, entry_point, callback_url, payload):
    global _members
    try:
        members = decode_json(_members) if _members else {}
        _members = b""
        unavailable.seed_random(_duranium.random(0, 32))
        loop.start(members.get("callSites") is True)
        ctx = WorkflowContext(
            workflow_id=workflow_id,
            version=version,
            execution_id=execution_id,
            entry_point=entry_point,
            callback_url=callback_url,
            schedule=members.get("schedule"),
        )
        # Not by the task factory, which a workflow can replace.
        loop.main = asyncio.Task(_execute(ctx, decode_json(payload)), loop=loop, name="run")
        loop.drain()
    except BaseException as error:
        _fail(error)


def settle(call_id, outcome, body):
    try:
        if call_id == END_OF_TURN:
            _end_turn()
        else:
            loop.settle(call_id, outcome, body)
    except BaseException as error:
        _fail(error)


def cancel():
    try:
        loop.cancel()
    except BaseException as error:
        _fail(error)


async def _execute(ctx, payload):
    try:
        result = to_strict_json(await _workflow.run(ctx, payload), "result", "The result of run()")
    except BaseException as error:
        if loop.is_cancelled:
            await end_other_tasks()
        _fail(error)
    else:
        if loop.is_cancelled:
            await end_other_tasks()
        _complete(result)


def _complete(result):
    global _has_ended
    console.end_lines()
    _has_ended = True
    _duranium.complete(result)


def _fail(error):
    global _has_ended
    console.end_lines()
    _has_ended = True
    frame = "" if _workflow is None else _workflow.frame
    _duranium.fail(encode_failure(error, frame, loop.is_cancelled))


def _end_turn():
    """Reports what was raised where nothing could catch it: in a task that nothing awaits, or in a callback.

    A failed task counts once it is garbage, or once `run` has returned: until then it can still be awaited.
    """
    console.end_lines()
    found, loop.uncaught = loop.uncaught, []
    if _has_ended:
        for task in failed_tasks():
            # Reading the exception marks it as handled.
            found.append((f"Task {task.get_name()!r} failed and was not awaited", task.exception()))
    for message, error in found[:MAX_REPORTED]:
        _report(message, error)


def _report(message, error):
    console.write_line(console.ERROR, f"{message}: {_line(error)}")
    if _workflow is None or _workflow.unhandled_errors == "raise" or not isinstance(error, Exception):
        _fail(error)


def _line(error):
    failure = decode_json(encode_failure(error))
    header = f"{failure['name']}: {failure['message']}"
    return "\n    ".join([header, *failure["stack"].split("\n")]) if failure["stack"] else header


# The order matters: what stands in for a module must be found before a package imports it.
stand_ins.install()
files.install()
console.install()
loop_module.install()
time_zones.install()
key_derivation.install()
unavailable.install()
common_modules.preload()
gc.collect()
gc.freeze()
