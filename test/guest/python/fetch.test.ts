import { expect, test } from "vitest";
import { describePython, playPython as play } from "./python-runner.ts";

describePython("fetch in Python", () => {
  test("the options make one request of the host", () => {
    const { requests, result } = play(
      `
from duranium import fetch

async def run(ctx, payload):
    response = await fetch(
        "https://a.test/x?a=1#part", method="patch", params={"b": ["x y", "z"], "c": None, "d": True},
        data={"k": "v w"}, headers={"X-One": "1"}, auth=("user", "password"), redirect="manual", timeout="10s",
        retry={"limit": 3, "status_codes": [500], "delay": 0.5, "jitter": True})
    await fetch("https://a.test/y", json={"ü": 1}, retry=2)
    await fetch("https://a.test/z", files={"file": ("a.txt", b"hello", "text/plain")}, data={"n": 1})
    return [response.status, response.ok, response.json(), response.text(), response.headers["CONTENT-TYPE"],
            response.headers.get_all("set-cookie"), "x-none" in response.headers]
`,
      {
        respond: () => ({
          body: '"text"',
          status: 201,
          headers: [
            ["Content-Type", "application/json; charset=latin-1"],
            ["set-cookie", "a=1"],
            ["set-cookie", "b=2"],
          ],
        }),
      },
    );
    const type = "application/json; charset=latin-1";
    expect(result).toEqual([201, true, "text", '"text"', type, ["a=1", "b=2"], false]);
    const [first, second, third] = requests;
    expect(first).toEqual({
      method: "PATCH",
      url: "https://a.test/x?a=1&b=x+y&b=z&d=true",
      headers: [
        ["X-One", "1"],
        ["authorization", "Basic dXNlcjpwYXNzd29yZA=="],
        ["content-type", "application/x-www-form-urlencoded"],
      ],
      redirect: "manual",
      timeout: 10_000,
      retry: {
        limit: 3,
        methods: ["GET", "PUT", "HEAD", "DELETE", "OPTIONS"],
        statusCodes: [500],
        afterStatusCodes: [413, 429, 503],
        delay: 500,
        jitter: true,
        retryOnTimeout: false,
      },
      body: "k=v+w",
    });
    expect(second).toMatchObject({ method: "POST", body: '{"ü":1}', retry: { limit: 2 } });
    expect(third?.body.replaceAll(/[\da-f]{32}/g, "boundary").split("\r\n")).toEqual([
      "--boundary",
      'Content-Disposition: form-data; name="n"',
      "",
      "1",
      "--boundary",
      'Content-Disposition: form-data; name="file"; filename="a.txt"',
      "Content-Type: text/plain",
      "",
      "hello",
      "--boundary--",
      "",
    ]);
  });

  test.each(["idna", "no-such-charset", "hex", "undefined", "utf-16"])(
    "text() raises nothing for a response in %s",
    (charset) => {
      const { result } = play(
        `
from duranium import fetch

async def run(ctx, payload):
    return len((await fetch("https://a.test/")).text()) > 0
`,
        {
          respond: () => ({
            body: new Uint8Array([0xff, 0xfe, 0x41]),
            headers: [["content-type", `text/plain; charset=${charset}`]],
          }),
        },
      );
      expect(result).toBe(true);
    },
  );

  test("raise_for_status and failures without a response are exceptions with a code", () => {
    const { result } = play(
      `
from duranium import FetchError, FetchTimeoutError, ResponseError, fetch

async def run(ctx, payload):
    said = []
    for path in ("missing", "down", "slow"):
        try:
            (await fetch(f"https://a.test/{path}?token=1")).raise_for_status()
        except ResponseError as error:
            said.append([str(error), error.status, error.response.text()])
        except FetchTimeoutError as error:
            said.append([str(error), error.code, isinstance(error, TimeoutError)])
        except FetchError as error:
            said.append([str(error), error.code])
    return said
`,
      {
        respond: ({ url }) => {
          if (url.includes("down"))
            return { error: { name: "TypeError", message: "fetch failed", code: "fetch-failed" } };
          if (url.includes("slow"))
            return {
              error: { name: "TimeoutError", message: "fetch failed: too slow", code: "fetch-timeout" },
            };
          return { status: 404, body: "no" };
        },
      },
    );
    expect(result).toEqual([
      ["https://a.test/missing answered 404", 404, "no"],
      ["fetch failed", "fetch-failed"],
      ["fetch failed: too slow", "fetch-timeout", true],
    ]);
  });

  test("invalid options are errors that say what is valid, and make no request", () => {
    const { result, requests } = play(`
from duranium import fetch

async def run(ctx, payload):
    said = []
    for options in ({"retry": "x"}, {"retry": {"nope": 1}}, {"retry": 99}, {"timeout": 0}, {"data": object()},
                    {"json": {1}}, {"json": 1, "data": "x"}, {"redirect": "x"}, {"headers": {"a": object()}}):
        try:
            await fetch("https://a.test/", **options)
        except (TypeError, ValueError) as error:
            said.append(str(error))
    try:
        await fetch("/relative")
    except ValueError as error:
        said.append(str(error))
    return said
`);
    expect(requests).toEqual([]);
    expect(result).toEqual([
      "retry is a number or a dict of options, not str",
      expect.stringContaining("retry['nope'] is not supported: there are limit, methods"),
      "retry['limit'] is a whole number from 0 to 20 (maxFetchRetries), not 99",
      "timeout is longer than 0 seconds, or None",
      "`data` is text, bytes or a dict of form fields, not object: use `json=` for JSON",
      "The body of the request is not JSON: json is a set: return sorted(…) or list(…) of it",
      "Give either `json` or `data`, not both",
      'redirect is "follow", "error" or "manual", not \'x\'',
      "The value of a of a header is of type object, and must be text",
      "'/relative' is no absolute URL: it begins with http:// or https://",
    ]);
  });
});
