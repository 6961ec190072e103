import asyncio

from tenacity import AsyncRetrying, RetryError, retry, retry_if_exception_type, stop_after_attempt, wait_exponential

attempts = []


@retry(stop=stop_after_attempt(3), wait=wait_exponential(0.01), retry=retry_if_exception_type(ConnectionError))
async def flaky():
    attempts.append(len(attempts))
    if len(attempts) < 3:
        raise ConnectionError("not yet")
    return "done"


async def run(_ctx, _payload):
    result = await flaky()
    try:
        async for attempt in AsyncRetrying(stop=stop_after_attempt(2)):
            with attempt:
                await asyncio.sleep(0)
                raise ValueError("never")
    except RetryError as error:
        failure = str(error.last_attempt.exception())
    return [result, attempts, failure]
