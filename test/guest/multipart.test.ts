import { beforeAll, describe, expect, test } from "vitest";
import { createGuestRunner } from "./guest-runner.ts";

let play: Awaited<ReturnType<typeof createGuestRunner>>;
beforeAll(async () => {
  play = await createGuestRunner();
});

/** What `formData()` makes of a body: a list of names with text, or with the name, type and text of a file. */
function parse(body: string, contentType = "multipart/form-data; boundary=X"): unknown {
  const source = `
export async function run(ctx, { body, contentType }) {
  const response = new Response(Uint8Array.from(body, (c) => c.charCodeAt(0)), { headers: { "content-type": contentType } });
  const form = await response.formData();
  return Promise.all([...form].map(async ([name, value]) => [name, value instanceof File ? [value.name, value.type, await value.text()] : value]));
}`;
  const bytes = Buffer.from(body).toString("latin1");
  const { result, failure } = play(source, { payload: { body: bytes, contentType } });
  return failure === undefined ? result : failure.name;
}

const lines = (...all: readonly string[]): string => all.join("\r\n");

describe("multipart forms are read as they are written by", () => {
  test.each<[writer: string, body: string, contentType: string | undefined, form: unknown]>([
    [
      ".NET: names without quotes, names of files twice",
      lines(
        "--X",
        "Content-Type: text/plain; charset=utf-8",
        "Content-Disposition: form-data; name=a",
        "",
        "1",
        "--X",
        "Content-Disposition: form-data; name=file; filename=x.txt; filename*=utf-8''x%C3%A9.txt",
        "",
        "content",
        "--X--",
        "",
      ),
      'multipart/form-data; boundary="X"',
      [
        ["a", "1"],
        ["file", ["xé.txt", "text/plain", "content"]],
      ],
    ],
    [
      "mailers: a file as base64, its lines folded",
      lines(
        "preamble",
        "--X",
        "Content-Disposition: form-data;",
        ' name="file"; filename="a.bin"',
        "Content-Type: application/octet-stream",
        "Content-Transfer-Encoding: BASE64",
        "",
        "aGVsbG8g",
        "d29ybGQ=",
        "--X--",
        "epilogue",
      ),
      undefined,
      [["file", ["a.bin", "application/octet-stream", "hello world"]]],
    ],
    [
      "mailers: text as quoted-printable",
      lines(
        "--X",
        'Content-Disposition: form-data; name="a"',
        "Content-Transfer-Encoding: quoted-printable",
        "",
        "caf=C3=A9 and=",
        " more",
        "--X--",
      ),
      undefined,
      [["a", "café and more"]],
    ],
    [
      "browsers: quotes and line breaks as percent escapes",
      lines(
        "--X",
        'Content-Disposition: form-data; name="a%22b%0D%0Ac"; filename="d%22.txt"',
        "Content-Type: image/png",
        "",
        "",
        "--X--",
        "",
      ),
      undefined,
      [['a"b\r\nc', ['d".txt', "image/png", ""]]],
    ],
    [
      "Go and Python: quotes and backslashes with a backslash",
      lines(
        "--X",
        String.raw`Content-Disposition: form-data; name="a"; filename="c:\\d \"e\".txt"`,
        "",
        "x",
        "--X--",
      ),
      undefined,
      [["a", [String.raw`c:\d "e".txt`, "text/plain", "x"]]],
    ],
    [
      "curl: an empty file, a field twice, UTF-8 in names",
      lines(
        "--X",
        'Content-Disposition: form-data; name="ü"; filename=""',
        "Content-Type: application/octet-stream",
        "",
        "",
        "--X",
        'Content-Disposition: form-data; name="a"',
        "",
        "1",
        "--X",
        'content-disposition: form-data; NAME="a"',
        "",
        "2",
        "--X--",
      ),
      "Multipart/Form-Data; Boundary=X; charset=utf-8",
      [
        ["ü", ["", "application/octet-stream", ""]],
        ["a", "1"],
        ["a", "2"],
      ],
    ],
    [
      "scripts: line feeds alone, spaces behind the boundary",
      '--X  \nContent-Disposition: form-data; name="a"\n\n--Xy\n--X--\n',
      undefined,
      [["a", "--Xy"]],
    ],
    ["no parts", "--X--\r\n", undefined, []],
  ])("%s", (_writer, body, contentType, form) => {
    expect(parse(body, contentType)).toEqual(form);
  });

  test("a form that the runtime wrote is read unchanged, whatever its names and files contain", () => {
    const source = `
export async function run() {
  const form = new FormData();
  form.append('na"me\\n', "va\\r\\nlue"); form.append("file", new Blob(["\\r\\n--x"], { type: "a/b" }), 'f"i\\\\l.txt');
  const back = await new Response(form).formData();
  return [[...back.keys()], back.get('na"me\\r\\n'), back.get("file").name, await back.get("file").text()];
}`;
    const { result } = play(source);
    expect(result).toEqual([['na"me\r\n', "file"], "va\r\nlue", 'f"i\\l.txt', "\r\n--x"]);
  });
});

test.each<[what: string, body: string, contentType?: string]>([
  ["no boundary", "--X--", "multipart/form-data"],
  ["an end that is missing", lines("--X", 'Content-Disposition: form-data; name="a"', "", "1")],
  ["a part without a head", "--X\r\n--X--"],
  ["a part without a name", lines("--X", "Content-Disposition: form-data", "", "1", "--X--")],
  [
    "base64 that is none",
    lines(
      "--X",
      'Content-Disposition: form-data; name="a"',
      "Content-Transfer-Encoding: base64",
      "",
      "***",
      "--X--",
    ),
  ],
  ["no form at all", "a=1", "text/plain"],
])("a body with %s is a TypeError", (_what, body, contentType) => {
  expect(parse(body, contentType)).toBe("TypeError");
});
