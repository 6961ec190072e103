from duranium import WorkflowContext, fetch


async def run(ctx: WorkflowContext, services: dict) -> dict:
    """Copies records from one service to another.

    The services are unreliable, so each call is attempted three times, with a key by which the target recognises a record
    that it has already. If that is not enough, the execution fails and can be retried from the failed step.
    """
    source, target = services["source"], services["target"]
    records = await ctx.retry(lambda: read(source), attempts=3, delay=0.1)
    for index, record in enumerate(records):
        key = f"{ctx.execution_id}-{index}"
        await ctx.retry(lambda: write(target, record, key), attempts=3, delay=0.1)
    return {"imported": len(records)}


async def read(source: str) -> list:
    return (await fetch(source)).raise_for_status().json()


async def write(target: str, record: dict, key: str) -> None:
    response = await fetch(target, json=record, headers={"idempotency-key": key})
    response.raise_for_status()
