import httpx


async def run(_ctx, payload):
    url = f"{payload['origin']}/echo"
    async with httpx.AsyncClient(base_url=url, headers={"x-a": "1"}, timeout=5) as client:
        posted = await client.post("/a", json={"b": 2}, params={"c": [1, 2]})
        form = await client.post("/form", data={"field": "v w"})
        got = await client.get("/get")
    missing = httpx.Response(404, request=httpx.Request("GET", url))
    try:
        missing.raise_for_status()
    except httpx.HTTPStatusError as error:
        failure = [type(error).__name__, error.response.status_code]
    return [posted.json()["path"], posted.json()["body"], form.json()["body"], got.status_code, failure]
