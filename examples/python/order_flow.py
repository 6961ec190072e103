import asyncio
import uuid

from duranium import WorkflowContext, fetch


async def run(ctx: WorkflowContext, order: dict) -> dict:
    """Fulfils or refunds an order through the shop's services, by entry point."""
    match ctx.entry_point:
        case "order-created":
            return await fulfil(**order)
        case "order-cancelled":
            return await refund(order["shop"], order["orderId"])
        case other:
            raise ValueError(f"Unknown entry point {other!r}")


async def fulfil(shop: str, orderId: str, items: list[dict]) -> dict:
    stock = await asyncio.gather(*(is_available(shop, **item) for item in items))
    if not all(stock):
        await call("POST", f"{shop}/orders/{orderId}/backorder", {"items": items})
        return {"orderId": orderId, "state": "back-ordered"}
    payment = await call("POST", f"{shop}/payments", {"orderId": orderId})
    shipment = await call("POST", f"{shop}/shipments", {"orderId": orderId, "items": items})
    print("order shipped", {"orderId": orderId, "tracking": shipment["tracking"]})
    return {"orderId": orderId, "state": "shipped", "payment": payment["id"], "tracking": shipment["tracking"]}


async def is_available(shop: str, sku: str, quantity: int) -> bool:
    stock = await call("GET", f"{shop}/stock/{sku}")
    return stock["available"] >= quantity


async def refund(shop: str, order_id: str) -> dict:
    refunded = await call("POST", f"{shop}/refunds", {"orderId": order_id})
    return {"orderId": order_id, "state": "refunded", "refund": refunded["id"]}


async def call(method: str, url: str, body: dict | None = None) -> dict:
    if body is None:
        response = await fetch(url, method=method)
    else:
        # Random values are deterministic in an execution, so a request that is sent again after a crash has the same key.
        response = await fetch(url, method=method, json=body, headers={"idempotency-key": str(uuid.uuid4())})
    return response.raise_for_status().json()
