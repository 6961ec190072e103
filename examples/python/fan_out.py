import asyncio

from duranium import WorkflowContext, fetch


async def run(_ctx: WorkflowContext, survey: dict) -> dict:
    """Fetches all pages concurrently and measures them. A failed page does not fail the others."""
    urls = survey["urls"]
    pages = await asyncio.gather(*map(measure, urls), return_exceptions=True)
    measured = [page for page in pages if not isinstance(page, Exception)]
    failed = [{"url": url, "reason": str(page)} for url, page in zip(urls, pages) if isinstance(page, Exception)]
    largest = max(measured, key=lambda page: page["bytes"], default=None)
    return {
        "pages": len(measured),
        "bytes": sum(page["bytes"] for page in measured),
        "largest": largest and largest["url"],
        "failed": failed,
    }


async def measure(url: str) -> dict:
    response = (await fetch(url)).raise_for_status()
    return {"url": url, "bytes": len(response.content)}
