import time
import uuid

from duranium import FetchError, WorkflowContext, fetch


async def run(ctx: WorkflowContext, invoice: dict) -> dict:
    """Reminds a customer until the invoice is paid. While it sleeps, the execution uses no memory.

    A mailer that does not respond in time costs a reminder, and nothing else.
    """
    mailer, customer = invoice["mailer"], invoice["customer"]
    started_at = time.time()
    sent = 0
    for _ in range(invoice["reminders"]):
        is_paid = await read_paid(mailer, customer)
        if is_paid:
            return {"paid": True, "sent": sent}
        if is_paid is False and await remind(mailer, customer, sent + 1):
            sent += 1
        await ctx.sleep(invoice["every"])
    waited_ms = round((time.time() - started_at) * 1000)
    return {"paid": await read_paid(mailer, customer) is True, "sent": sent, "waitedMs": waited_ms}


async def read_paid(mailer: str, customer: str) -> bool | None:
    """Returns None if the mailer does not say."""
    try:
        response = await fetch(f"{mailer}/invoices/{customer}", retry=2, timeout=5)
        return response.json()["paid"]
    except (FetchError, ValueError, KeyError):
        return None


async def remind(mailer: str, customer: str, number: int) -> bool:
    """Returns whether the mailer accepted the reminder.

    By its key, the mailer recognises one that is sent again after a crash.
    """
    headers = {"idempotency-key": str(uuid.uuid4())}
    try:
        response = await fetch(f"{mailer}/mail", headers=headers, json={"customer": customer, "number": number})
        return response.ok
    except FetchError:
        return False
