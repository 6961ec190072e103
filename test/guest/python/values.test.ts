import { expect, test } from "vitest";
import { describePython, playPython as play } from "./python-runner.ts";

const head = `
import base64, dataclasses, datetime, decimal, enum, types, uuid, collections

@dataclasses.dataclass
class Order:
    id: int
    lines: list

class Colour(enum.Enum):
    RED = "red"

class Level(enum.IntEnum):
    HIGH = 3

Point = collections.namedtuple("Point", "x y")

async def coroutine():
    pass

def nested(depth):
    value = []
    for _ in range(depth):
        value = [value]
    return value

def cycle():
    value = {}
    value["self"] = value
    return value

async def run(ctx, payload):
`;

describePython("the results of Python workflows", () => {
  test("values with one obvious form in JSON are written in it", () => {
    const { result } = play(`${head}
    return {
        "dataclass": Order(1, [Order(2, [])]), "enum": [Colour.RED, Level.HIGH], "tuple": (1, Point(1, 2)),
        "date": datetime.date(2026, 1, 2), "time": datetime.time(3, 4), "uuid": uuid.UUID(int=1),
        "datetime": datetime.datetime(2026, 1, 2, 3, 4, 5, tzinfo=datetime.timezone.utc),
        "mapping": types.MappingProxyType({"a": 1}), "ordered": collections.OrderedDict(b=2), "counter": collections.Counter("aa"),
        1: True, "text": "ü\\ud83d\\ude00\\ud800", "float": 1e300, "none": None, "big": 2**53 - 1,
    }`);
    expect(result).toEqual({
      dataclass: { id: 1, lines: [{ id: 2, lines: [] }] },
      enum: ["red", 3],
      tuple: [1, [1, 2]],
      date: "2026-01-02",
      time: "03:04:00",
      uuid: "00000000-0000-0000-0000-000000000001",
      datetime: "2026-01-02T03:04:05+00:00",
      mapping: { a: 1 },
      ordered: { b: 2 },
      counter: { a: 2 },
      1: true,
      text: "ü😀\ud800",
      float: 1e300,
      none: null,
      big: 2 ** 53 - 1,
    });
  });

  test.each([
    ['{"a": [1, b"x"]}', "result.a[1] is bytes: return text, such as base64.b64encode(…).decode()"],
    ["decimal.Decimal(1)", "result is a Decimal: return str(…) or float(…) of it"],
    ["[{1, 2}]", "result[0] is a set: return sorted(…) or list(…) of it"],
    ['{"x y": float("nan")}', "result['x y'] is nan"],
    ["float('-inf')", "result is -inf"],
    ["2**53", "result is an integer beyond 2**53 - 1, which readers of JSON round: return str(…) of it"],
    [
      "Order(10**30, [])",
      "result.id is an integer beyond 2**53 - 1, which readers of JSON round: return str(…) of it",
    ],
    ["datetime.timedelta(1)", "result is a timedelta: return its total_seconds()"],
    ["(n for n in [1])", "result is a generator: return list(…) of it"],
    ["[coroutine()]", "result[0] is a coroutine: await it"],
    ["object()", "result is an object"],
    ["{(1, 2): 3}", "result has a key that is a tuple: keys are text"],
    ["cycle()", "result.self is an object that contains itself"],
    ["len", "result is a builtin_function_or_method"],
  ])("%s is refused with its path", (expression, fault) => {
    const { failure } = play(`${head}    return ${expression}`);
    expect(failure).toMatchObject({
      name: "TypeError",
      message: `The result of run() is not JSON: ${fault}`,
      stack: expect.stringMatching(/^at run \(flow\.py:/),
    });
  });

  test("a result that is nested too deeply is refused", () => {
    const { failure } = play(`${head}    return nested(100_000)`);
    expect(failure?.message).toMatch(
      /^The result of run\(\) is not JSON: result[[\]0]+… is nested too deeply$/,
    );
  });
});
