import { randomBytes } from "node:crypto";
import * as fc from "fast-check";
import { Webhook } from "standardwebhooks";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { bearerToken } from "../../src/api/access/authentication.ts";
import { networkOf } from "../../src/api/access/client-address.ts";
import { decodeCursor } from "../../src/api/http/cursor.ts";
import { parsePreferWait } from "../../src/api/http/prefer.ts";
import { readQuery, rejectMalformedPath } from "../../src/api/http/validation.ts";
import { parseJson } from "../../src/api/json/json.ts";
import { digestOf } from "../../src/base/sha256.ts";
import { DuraniumError } from "../../src/domain/errors.ts";
import { defaultExecutionLimits } from "../../src/domain/execution-limits.ts";
import { matchesHost, parseHostPattern } from "../../src/domain/host-pattern.ts";
import { parseEntryPoint, parseEventName, parseExecutionId, parseWorkflowId } from "../../src/domain/ids.ts";
import { maxSleepMs } from "../../src/domain/limits.ts";
import { logLevels } from "../../src/domain/log-line.ts";
import { webhookSchemes } from "../../src/domain/webhook.ts";
import { durationMs } from "../../src/guest/context/duration.ts";
import { createAdmission } from "../../src/host/driver/admission.ts";
import { readLogArguments } from "../../src/host/driver/log-arguments.ts";
import type { Turn } from "../../src/host/guest.ts";
import { egressDenialReason, parseEgressAllow } from "../../src/host/network/egress.ts";
import { createHttpClient } from "../../src/host/network/undici-client.ts";
import { decodeOutcome } from "../../src/host/operations/journaled-outcome.ts";
import { createOperations } from "../../src/host/operations/registry.ts";
import { placeholdersOf } from "../../src/host/seed/secret-placeholder.ts";
import { driveTurns } from "../../src/host/testing/scripted-drive.ts";
import { parseSignal, signalAwaited } from "../../src/journal/signals.ts";
import { mapFailure, mapStack } from "../../src/sandbox/compile/diagnostics/source-map.ts";
import { postProcess } from "../../src/sandbox/engine/passes/post-process.ts";
import { decodeImage, encodeImage } from "../../src/sandbox/instances/image.ts";
import { createTurnRecorder } from "../../src/sandbox/instances/turn-recorder.ts";
import { WasmFormatError } from "../../src/sandbox/wasm/binary.ts";
import { readToken, isGenuine } from "../../src/services/executions/callback-token.ts";
import { verifySignature } from "../../src/services/webhooks/webhook-signature.ts";
import { generateApiKey, isWellFormedApiKey } from "../../src/stores/api-key-format.ts";
import { createKeyRing, parseKeys } from "../../src/stores/data-directory/key-ring.ts";
import { fuzz, fuzzAsync, hostileJson, hostileText } from "../support/fuzz.ts";

/** All parsers of untrusted input: each accepts it, or rejects it with an error of the catalogue. */

const bytes = fc.uint8Array({ maxLength: 300 });
const hostileBytes = fc.oneof(
  bytes,
  hostileJson.map((text) => new Uint8Array(Buffer.from(text))),
);

/** Runs a parser that may reject its input, and passes on only errors that are Duranium's own fault. */
function refusesOr<T>(act: () => T): T | undefined {
  try {
    return act();
  } catch (error) {
    if (error instanceof DuraniumError && error.status < 500) return undefined;
    throw error;
  }
}

function jsonOrUndefined(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function admitOrBreak(admission: ReturnType<typeof createAdmission>, given: Turn): void {
  try {
    admission.admit(given);
  } catch (error) {
    expect(error).toMatchObject({
      retryable: false,
      code: expect.stringMatching(/^(guest-protocol-violated|limit-exceeded)$/) as string,
    });
  }
}

describe("output of a guest", () => {
  const id = fc.oneof(fc.nat(5), fc.double(), fc.constantFrom(-1, 2 ** 32, 2 ** 53, Number.NaN));
  const call = fc.record({
    id,
    operation: fc.oneof(
      fc.constantFrom("fetch", "hmac", "sleep", "timer", "wait", "state", "call", "send", "tag", "effect"),
      hostileText,
    ),
    arguments: hostileBytes,
    body: bytes,
  });
  const turn: fc.Arbitrary<Partial<Turn>> = fc.record(
    {
      calls: fc.array(call, { maxLength: 4 }),
      abandoned: fc.array(id, { maxLength: 4 }),
      logs: fc.array(fc.record({ level: fc.constantFrom(...logLevels), line: hostileBytes }), {
        maxLength: 3,
      }),
      completion: fc.record({ ok: fc.boolean(), json: hostileBytes }),
    },
    { requiredKeys: [] },
  );

  test("is admitted or ends the execution permanently, and modifies no prototype", () => {
    const operations = createOperations({
      http: createHttpClient({ policy: parseEgressAllow("") }),
      secrets: { find: () => undefined },
      egressOf: () => undefined,
    });
    const empty: Turn = { calls: [], abandoned: [], logs: [] };
    fuzz(
      fc.property(fc.array(turn, { maxLength: 3 }), (turns) => {
        const admission = createAdmission(operations, defaultExecutionLimits);
        for (const each of turns) admitOrBreak(admission, { ...empty, ...each });
        expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
      }),
    );
  });

  test("makes the driver end the execution and never throw", async () => {
    await fuzzAsync(
      fc.asyncProperty(fc.array(turn, { minLength: 1, maxLength: 3 }), async (turns) => {
        const { result } = await driveTurns(...turns, { completion: { ok: true, json: Buffer.from("1") } });
        expect(["completed", "failed"]).toContain(result.kind);
      }),
    );
  });

  test("is read within the bounds of its memory, whatever the pointers", () => {
    const memory = new ArrayBuffer(65_536);
    const word = fc.oneof(fc.integer(), fc.constantFrom(0, -1, 65_535, 65_536, 2 ** 31 - 1, -(2 ** 31)));
    const name = fc.constantFrom("call", "abandon", "complete", "fail", "log");
    fuzz(
      fc.property(fc.array(fc.tuple(name, fc.array(word, { maxLength: 8 })), { maxLength: 6 }), (calls) => {
        const { imports, finish } = createTurnRecorder({
          memory: () => memory,
          limits: () => defaultExecutionLimits,
          stop: () => {},
        });
        for (const [each, words] of calls) imports[each](...words);
        try {
          finish();
        } catch (error) {
          expect(error).toMatchObject({
            code: expect.stringMatching(/^(guest-protocol-violated|limit-exceeded)$/) as string,
          });
        }
      }),
    );
  });

  test("becomes a console line", () => {
    fuzz(
      fc.property(hostileBytes, (line) => {
        expect(Array.isArray(readLogArguments({ level: "info", line }, defaultExecutionLimits))).toBe(true);
      }),
    );
  });

  test("a stack is mapped or omitted, whatever the source map", () => {
    const frame = fc
      .tuple(hostileText, fc.double(), fc.double())
      .map(([file, a, b]) => `${file}@${file}:${a}:${b}`);
    const map = fc
      .record({
        version: fc.constantFrom(3, 4, "3"),
        sources: fc.array(fc.oneof(hostileText, fc.constant(null))),
        names: fc.array(hostileText),
        mappings: fc.oneof(fc.string(), fc.stringMatching(/^[A-Za-z0-9+/;,]{0,80}$/), fc.jsonValue()),
      })
      .map((given) => JSON.stringify(given));
    fuzz(
      fc.property(fc.array(fc.oneof(hostileText, frame)), fc.oneof(map, hostileJson), (lines, sourceMap) => {
        expect(typeof mapStack(lines.join("\n"), sourceMap)).toBe("string");
        expect(mapFailure({ name: "E", message: "", stack: lines.join("\n") }, sourceMap).name).toBe("E");
      }),
    );
  });
});

describe("input of callers", () => {
  test.each([
    ["a workflow id", parseWorkflowId, /^[a-z][a-z0-9-]{0,62}$/],
    ["an execution id", parseExecutionId, /^inv_[A-Za-z0-9]{16,64}$/],
    ["an entry point", parseEntryPoint, /^[A-Za-z0-9][\w.:/-]{0,127}$/],
    ["the name of an event", parseEventName, /^[A-Za-z0-9][\w.:-]{0,127}$/],
  ])("is %s, or rejected", (_what, parse: (text: string) => string, form) => {
    fuzz(
      fc.property(
        fc.oneof(
          hostileText,
          fc.stringMatching(form),
          fc.stringMatching(form).map((t) => `${t}\n`),
        ),
        (text) => {
          const parsed = refusesOr(() => parse(text));
          expect(parsed === undefined ? !form.test(text) || text.includes("\n") : form.test(parsed)).toBe(
            true,
          );
        },
      ),
    );
  });

  test("is JSON if and only if JSON.parse accepts it, up to the maximum depth", () => {
    fuzz(
      fc.property(fc.oneof(hostileJson, hostileText), (text) => {
        const value = refusesOr(() => parseJson(text));
        const expected = jsonOrUndefined(text);
        if (value !== undefined) expect(value).toEqual(expected);
        // A valid text without brackets is rejected only for a number beyond the range of a double.
        else if (expected !== undefined && !/[[{]/.test(text))
          expect(Math.abs(Number(expected))).toBe(Infinity);
      }),
    );
  });

  test("is a query, path, preference or bearer token, or rejected", () => {
    fuzz(
      fc.property(hostileText, hostileText, (one, other) => {
        refusesOr(() => readQuery(`http://localhost/?${one}&${other}=${one}`));
        refusesOr(() =>
          rejectMalformedPath(new URL(`http://localhost/${encodeURI(one.toWellFormed())}`).href),
        );
        refusesOr(() => parsePreferWait(`wait=${one}; ${other}`));
        expect(bearerToken(`Bearer ${one}`) ?? "").toMatch(/^[\w\-.~+/]*=*$/);
        expect(typeof networkOf(one)).toBe("string");
      }),
    );
  });

  test("is a cursor of the list, or rejected", () => {
    const encoded = hostileJson.map((text) => Buffer.from(text).toString("base64url"));
    fuzz(
      fc.property(fc.oneof(hostileText, encoded), (text) => {
        const read = refusesOr(() => decodeCursor(text, z.tuple([z.int().nonnegative(), z.string()])));
        if (read !== undefined) expect(read).toHaveLength(2);
      }),
    );
  });

  test("is a key with a valid checksum, or rejected", () => {
    fuzz(
      fc.property(fc.oneof(hostileText, fc.stringMatching(/^dur_[0-9A-Za-z]{33}$/)), (text) => {
        // One in 62^6 of them would be right by chance.
        expect(isWellFormedApiKey(text)).toBe(false);
      }),
    );
    expect(isWellFormedApiKey(generateApiKey())).toBe(true);
  });

  test("is a callback token of the right seed, or rejected", () => {
    const hex = fc.stringMatching(/^[0-9a-f]{64}$/);
    const token = fc.tuple(fc.oneof(fc.nat(2_000_000), hostileText), fc.oneof(hex, hostileText));
    fuzz(
      fc.property(token, hex, ([number, secret], seed) => {
        const read = readToken(
          `01234567${"A".repeat(100)}.inv_1gdiJtL0bTjQ0W6O9ODv3AkSzo8dsFfN1Z.${number}.${secret}`,
        );
        if (read !== undefined) expect(isGenuine(read, seed)).toBe(false);
      }),
    );
  });

  test.each(webhookSchemes.filter((scheme) => scheme !== "none"))(
    "has a valid %s signature, or is rejected",
    (scheme) => {
      const secret = "c2VjcmV0IG9mIHRoZSBzZW5kZXI=";
      const now = Date.now();
      const seconds = String(Math.floor(now / 1_000));
      const value = fc.oneof(
        hostileText,
        fc.constantFrom(
          seconds,
          `t=${seconds},v1=`,
          `t=${seconds}`,
          "v1,",
          "sha256=",
          "v0=",
          new Webhook(secret).sign("m", new Date(now), ""),
        ),
        fc.stringMatching(/^(sha256=|v0=|v1,|t=1,v1=)[0-9a-f]{64}$/),
      );
      const names = [
        "webhook-id",
        "webhook-timestamp",
        "webhook-signature",
        "x-hub-signature-256",
        "stripe-signature",
        "x-slack-request-timestamp",
        "x-slack-signature",
        "x-signature",
        "x-gitlab-token",
        "x-shopify-hmac-sha256",
        "linear-signature",
        "x-zendesk-webhook-signature",
        "x-zendesk-webhook-signature-timestamp",
        "x-twilio-signature",
        "x-zm-request-timestamp",
        "x-zm-signature",
        "x-twitter-webhooks-signature",
      ];
      fuzz(
        fc.property(
          fc.dictionary(fc.constantFrom(...names), value),
          fc.oneof(hostileJson, hostileText),
          (headers, text) => {
            const bytes = Buffer.from(`${text} `);
            const request = { headers, bytes, content: () => bytes, url: "https://hooks.test/", now };
            expect(() => verifySignature(scheme, secret, request)).toThrow(
              expect.objectContaining({ code: "signature-invalid" }) as Error,
            );
          },
        ),
      );
    },
  );
});

describe("configuration", () => {
  test("is a host pattern that matches only its own host, or rejected", () => {
    const host = fc.oneof(
      fc.domain(),
      fc.ipV4(),
      fc.ipV6().map((address) => `[${address}]`),
      hostileText,
    );
    fuzz(
      fc.property(fc.constantFrom("", "*.", "http://", "https://*."), host, host, (prefix, own, other) => {
        const pattern = refusesOr(() => parseHostPattern(`${prefix}${own}`));
        if (pattern === undefined) return;
        for (const near of [other, own, `x${own}`, `x.${own}`, `${own}.${other}`, own.slice(1), `${own}.`]) {
          for (const scheme of ["http:", "https:"]) {
            const url = URL.parse(`${scheme}//${near}/`);
            if (url === null || !matchesHost(url, pattern)) continue;
            const hostname = url.hostname.replace(/\.$/, "");
            if (pattern.hasSubdomains) expect(hostname.endsWith(`.${pattern.host}`)).toBe(true);
            else expect(hostname).toBe(pattern.host);
            expect(url.protocol).toBe(pattern.protocol);
          }
        }
      }),
    );
  });

  test("is a list of destinations, or an error that names the entry", () => {
    fuzz(
      fc.property(hostileText, (text) => {
        try {
          parseEgressAllow(text);
        } catch (error) {
          expect(String(error)).toContain("in the list of allowed destinations");
        }
      }),
    );
  });

  test("cannot open a private address by its notation", () => {
    const closed = parseEgressAllow("");
    const inside = fc.oneof(
      fc
        .tuple(fc.constantFrom(10, 127, 0), fc.nat(255), fc.nat(255), fc.nat(255))
        .map((parts) => parts.join(".")),
      fc
        .tuple(fc.constantFrom("192.168", "169.254", "172.16", "172.31", "100.64"), fc.nat(255), fc.nat(255))
        .map((parts) => parts.join(".")),
    );
    const spelled = inside.chain((address) => {
      const number = address.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
      const [high, low] = [number >>> 16, number & 0xffff].map((part) => part.toString(16));
      return fc.constantFrom(
        address,
        String(number),
        `0x${number.toString(16)}`,
        `0${number.toString(8)}`,
        address
          .split(".")
          .map((part) => `0x${Number(part).toString(16)}`)
          .join("."),
        address
          .split(".")
          .map((part) => `0${Number(part).toString(8)}`)
          .join("."),
        `${address}.`,
        address.replaceAll(/\d/g, (digit) => String.fromCodePoint(0xff10 + Number(digit))),
        address.replaceAll(".", "。"),
        `[::ffff:${address}]`,
        `[::ffff:${high}:${low}]`,
        `[::${high}:${low}]`,
        `[64:ff9b::${high}:${low}]`,
        `[2002:${high}:${low}::1]`,
        `[2001:0:${high}:${low}::1]`,
      );
    });
    fuzz(
      fc.property(spelled, (host) => {
        const { hostname } = new URL(`http://${host}/`);
        const address = hostname.replaceAll(/[[\]]/g, "");
        expect(egressDenialReason(closed, { hostname: address, address, port: 80 })).toBeDefined();
      }),
      1_000,
    );
  });

  test("is a duration, or a specific error", () => {
    fuzz(
      fc.property(
        fc.oneof(hostileText, fc.double(), fc.stringMatching(/^[\d.,PTHMSDWmshdw ]{1,30}$/)),
        (given) => {
          try {
            const ms = durationMs(given);
            expect(Number.isInteger(ms) && ms >= 0 && ms <= maxSleepMs).toBe(true);
          } catch (error) {
            expect(error instanceof TypeError || error instanceof RangeError).toBe(true);
          }
        },
      ),
    );
  });

  test("is a non-empty list of keys, or an error", () => {
    fuzz(
      fc.property(hostileText, (text) => {
        try {
          expect(parseKeys(text).every(({ length }) => length === 32)).toBe(true);
        } catch (error) {
          expect(String(error)).toMatch(/no key|a key has 32 bytes/);
        }
      }),
    );
  });
});

describe("stored data", () => {
  test("is an outcome, or is reported as invalid", () => {
    const outcome = fc.record(
      {
        ok: fc.oneof(fc.boolean(), fc.jsonValue()),
        now: fc.oneof(fc.double(), hostileText),
        value: fc.jsonValue(),
        text: fc.string(),
        base64: fc.string(),
        error: fc.jsonValue(),
      },
      { requiredKeys: [] },
    );
    fuzz(
      fc.property(fc.oneof(outcome, fc.jsonValue()), (given) => {
        try {
          expect(decodeOutcome(JSON.parse(JSON.stringify(given)) as never).now).toEqual(expect.any(Number));
        } catch (error) {
          expect(error).toMatchObject({ code: "internal" });
        }
      }),
    );
  });

  test("is the name of a signal, or is ignored", () => {
    fuzz(
      fc.property(hostileText, (text) => {
        parseSignal(text);
        signalAwaited(text);
        signalAwaited(`wait for event ${text}`);
      }),
    );
  });

  test("is an image of the engine, or rejected", async () => {
    const engine = { digest: digestOf("engine"), memory: new Uint8Array(65_536), globals: [1, 5n] };
    const memory = engine.memory.slice().fill(7, 0, 9_000);
    const { bytes: image } = encodeImage(engine, { memory, globals: engine.globals }, 1);
    const damage = fc.array(fc.tuple(fc.nat(image.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 });
    await fuzzAsync(
      fc.asyncProperty(damage, fc.nat(image.length), async (changes, length) => {
        const damaged = Uint8Array.from(image.subarray(0, length));
        for (const [at, value] of changes) if (at < length) damaged[at] = value;
        const decoded = await decodeImage(damaged, engine).catch((error: unknown) => error);
        if (decoded instanceof Error) expect(decoded).toMatchObject({ code: "artifact-corrupt" });
        // The version of the protocol and a longer memory stand in the header alone: the artifact's digest holds them.
        else
          expect(decoded).toMatchObject({
            globals: engine.globals,
            pageOffsets: new Uint32Array([0, 4096, 8192]),
          });
      }),
    );
  });

  test("is an authentic ciphertext, or rejected", () => {
    const ring = createKeyRing(parseKeys(randomBytes(32).toString("base64")));
    const box = ring.seal("a secret", "orders/KEY");
    const flip = fc.tuple(fc.nat(box.bytes.length - 1), fc.integer({ min: 1, max: 255 }));
    fuzz(
      fc.property(flip, bytes, ([at, mask], other) => {
        const damaged = Uint8Array.from(box.bytes);
        damaged[at] = (damaged[at] ?? 0) ^ mask;
        expect(() => ring.open({ ...box, bytes: damaged }, "orders/KEY")).toThrow(Error);
        expect(() => ring.open({ ...box, bytes: other }, "orders/KEY")).toThrow(Error);
      }),
    );
    expect(ring.open(box, "orders/KEY")).toBe("a secret");
  });

  test("is a module that the engine's passes support, or rejected", () => {
    const header = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0];
    const section = fc
      .tuple(fc.nat(13), fc.uint8Array({ maxLength: 40 }))
      .map(([id, content]) => [id, content.length, ...content]);
    fuzz(
      fc.property(
        fc.array(fc.oneof(section, fc.array(fc.nat(255), { maxLength: 20 })), { maxLength: 8 }),
        (parts) => {
          try {
            postProcess(Uint8Array.from([...header, ...parts.flat()]));
          } catch (error) {
            expect(error).toBeInstanceOf(WasmFormatError);
          }
        },
      ),
      500,
    );
  });

  test("contains only placeholders that its seed generates", () => {
    const placeholders = placeholdersOf(randomBytes(32));
    fuzz(
      fc.property(
        hostileText,
        fc.stringMatching(/^secret_[A-Z][A-Z0-9_]{0,63}_[0-9a-f]{32}$/),
        (text, forged) => {
          expect(`${text}${forged}${text}`).not.toMatch(placeholders.pattern);
        },
      ),
    );
    const [found] = `a ${placeholders.of("KEY")} b`.matchAll(placeholders.pattern);
    expect(found?.[1]).toBe("KEY");
  });
});
