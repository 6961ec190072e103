import { expect, test } from "vitest";
import { describePython, playPython as play } from "./python-runner.ts";

/** Executes each statement, and returns what the error says, or what `r` is. */
const attempt = (statements: readonly string[]): string => `
async def run(ctx, payload):
    said = []
    for statement in ${JSON.stringify(statements)}:
        names = {}
        try:
            exec(statement, names)
            said.append(names.get("r"))
        except Exception as error:
            said.append(f"{type(error).__name__}: {error}")
    return said
`;

describePython("the sandbox of Python", () => {
  test("what cannot work names what to use instead", () => {
    const instead: readonly (readonly [statement: string, text: string])[] = [
      ["import time; time.sleep(1)", "asyncio.sleep"],
      ["import socket; socket.socket()", "await fetch(url)"],
      ["import socket; socket.create_connection(('a.test', 80))", "await fetch(url)"],
      ["import urllib.request; urllib.request.urlopen('http://a.test')", "await fetch(url)"],
      ["import urllib.request; urllib.request.urlopen('https://a.test')", "await fetch(url)"],
      ["import ssl; ssl.create_default_context().wrap_socket(None)", "the host does"],
      ["import subprocess; subprocess.run(['ls'])", "ctx.call"],
      ["import subprocess; subprocess.Popen(['ls'])", "ctx.call"],
      ["import os; os.system('ls')", "ctx.call"],
      ["import threading; threading.Thread(target=print).start()", "asyncio.create_task"],
      ["import concurrent.futures as f; f.ThreadPoolExecutor().submit(print)", "asyncio.create_task"],
      ["import threading; threading.Event().wait()", "asyncio.Event"],
      ["import queue; queue.Queue().get()", "asyncio.Queue"],
      ["import multiprocessing", "asyncio.gather"],
      ["import ctypes", "pure Python"],
      ["import sqlite3", "ctx.state"],
      ["import bz2", "zlib"],
      ["import tkinter", "no screen"],
      ["import pdb", "replay"],
      ["open('/etc/passwd')", "ctx.state"],
      ["open('data.txt', 'w')", "io.BytesIO"],
      ["import tempfile; tempfile.TemporaryFile()", "io.BytesIO"],
      ["import os; os.listdir('/')", "ctx.state"],
      ["input()", "ctx.wait_for_event"],
      ["breakpoint()", "replay"],
      ["import os; os._exit(1)", "return from run()"],
      ["import posix; posix.abort()", "return from run()"],
      ["import faulthandler; faulthandler._sigsegv()", "return from run()"],
      ["import signal; signal.signal(2, print)", "asyncio.CancelledError"],
    ];
    const { result } = play(attempt(instead.map(([statement]) => statement)));
    for (const [index, [statement, text]] of instead.entries()) {
      const said = (result as string[])[index];
      expect(said, statement).toContain(text);
      expect(said, statement).toMatch(/^(UnavailableError|ModuleNotFoundError|URLError): /);
    }
  });

  test("files of the deploy can be read by their paths, and others are missing as files are", () => {
    const { result } = play(
      attempt([
        "r = open('templates/a.txt').read()",
        "import pathlib; r = pathlib.Path('templates', 'a.txt').read_bytes().decode()",
        "r = list(open('templates/a.txt'))",
        "r = open('logo.bin', 'rb').read().hex()",
        "open('missing.txt')",
        `try:
    open('missing.txt')
except FileNotFoundError:
    r = "missing"`,
      ]),
      { files: { "templates/a.txt": "ä\nb", "logo.bin": { base64: "/wA=" } } },
    );
    expect(result).toEqual([
      "ä\nb",
      "ä\nb",
      ["ä\n", "b"],
      "ff00",
      expect.stringMatching(/^UnavailableError: Cannot open 'missing\.txt': a workflow has no file system/),
      "missing",
    ]);
  });

  test("the standard library computes as elsewhere", () => {
    const { result } = play(
      attempt([
        "import hashlib; r = [hashlib.new(name, b'abc').hexdigest()[:8] for name in ('md5', 'sha1', 'sha256', 'sha3_512', 'blake2b')]",
        "import hashlib; r = hashlib.pbkdf2_hmac('sha256', b'password', b'salt', 2).hex()",
        "import hashlib; r = hashlib.scrypt(b'', salt=b'', n=16, r=1, p=1, dklen=8).hex()",
        "import hmac; r = hmac.new(b'key', b'data', 'sha256').hexdigest()[:8]",
        "import zlib, gzip; r = gzip.decompress(gzip.compress(b'text' * 9)).decode() + str(zlib.crc32(b'x'))",
        "import decimal, fractions, statistics; r = [str(decimal.Decimal('0.1') * 3), str(fractions.Fraction(6, 4)), statistics.mean([1, 2])]",
        "import csv, io; r = list(csv.DictReader(io.StringIO('a,b\\n1,2')))",
        "import xml.etree.ElementTree as tree; r = tree.fromstring('<a b=\"1\"><c/></a>')[0].tag",
        "import tomllib, configparser, html; r = [tomllib.loads('a = [1]'), html.unescape('&auml;')]",
        "import zoneinfo, datetime as d; r = d.datetime(2026, 7, 1, tzinfo=zoneinfo.ZoneInfo('America/New_York')).isoformat()",
        "import zoneinfo; r = len(zoneinfo.available_timezones()) > 400 and 'Europe/Berlin' in zoneinfo.available_timezones()",
        "import zoneinfo; zoneinfo.ZoneInfo('No/Where')",
        "import time, datetime; r = [time.time(), time.tzname, datetime.datetime.now().year, time.strftime('%Y-%m-%d')]",
        "import re, unicodedata; r = [re.sub(r'(?P<w>\\w+)', '<\\\\g<w>>', 'a ü'), unicodedata.normalize('NFD', 'ä').encode().hex()]",
        "import email.message; m = email.message.EmailMessage(); m['Subject'] = 'ä'; m.set_content('text'); r = m.as_string().split('\\n')[0]",
        "import zipfile, io; b = io.BytesIO(); z = zipfile.ZipFile(b, 'w'); z.writestr('a', 'b'); z.close(); r = zipfile.ZipFile(b).read('a').decode()",
        "import sys, platform, os; r = [sys.version_info[:2], sys.platform, platform.python_implementation(), dict(os.environ)]",
        "import mimetypes; r = mimetypes.guess_type('a.html')[0]",
      ]),
    );
    expect(result).toEqual([
      ["90015098", "a9993e36", "ba7816bf", "b751850b", "ba80a53f"],
      "ae4d0c95af6b46d32d0adff928f06dd02a303f8ef3c251dfd6e2d85a95474c43",
      "77d6576238657b20",
      "5031fe3d",
      "texttexttexttexttexttexttexttexttext2363233923",
      ["0.3", "3/2", 1.5],
      [{ a: "1", b: "2" }],
      "c",
      [{ a: [1] }, "ä"],
      "2026-07-01T00:00:00-04:00",
      true,
      "ZoneInfoNotFoundError: 'No time zone found with key No/Where'",
      [Date.UTC(2026, 0, 1) / 1_000, ["UTC", "UTC"], 2026, "2026-01-01"],
      ["<a> <ü>", "61cc88"],
      "Subject: =?utf-8?q?=C3=A4?=",
      "b",
      [[3, 13], "wasi", "CPython", { HOME: "/" }],
      "text/html",
    ]);
  });

  test("print, logging and warnings are lines of the console with their levels", () => {
    const { lines } = play(`
import logging, sys, warnings

print("at the top level")

async def run(ctx, payload):
    print("a", 1, [None], sep="-")
    print("two\\nlines")
    print("partial", end="")
    print(" line")
    print("to stderr", file=sys.stderr)
    sys.stdout.write("unfinished")
    logging.basicConfig(level=logging.DEBUG)
    logging.info("info %s", 1)
    logging.getLogger("orders").warning("warn")
    logging.getLogger("orders").debug("debug")
    try:
        1 / 0
    except ZeroDivisionError:
        logging.exception("failed")
    warnings.warn("careful")
    print("x" * 20_000)
    ctx.sleep(1)
`);
    expect(lines.map(([level, text]) => [level, String(text).slice(0, 40)])).toEqual([
      ["info", "a-1-[None]"],
      ["info", "two\nlines"],
      ["info", "partial line"],
      ["error", "to stderr"],
      ["info", "info 1"],
      ["warn", "warn"],
      ["debug", "debug"],
      ["error", "failed\nTraceback (most recent call last)"],
      ["warn", "flow.py:21: UserWarning: careful"],
      ["info", "unfinished" + "x".repeat(30)],
      ["warn", expect.stringMatching(/^flow\.py:23: RuntimeWarning: coroutine/)],
    ]);
  });
});
