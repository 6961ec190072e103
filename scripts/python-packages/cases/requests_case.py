import requests


async def run(_ctx, payload):
    """Sending blocks until the response is there, so a workflow can build requests and read responses only."""
    request = requests.Request("POST", f"{payload['origin']}/a", params={"b": [1, 2]}, json={"c": 3}).prepare()
    response = requests.Response()
    response.status_code, response._content, response.encoding = 404, b'{"d": 4}', "utf-8"
    try:
        response.raise_for_status()
    except requests.HTTPError as error:
        failure = str(error)
    return [request.method, request.path_url, request.body.decode(), response.json(), response.ok, failure]
