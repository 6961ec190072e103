import { expect, test } from "vitest";
import { isTransient, refused } from "./failures.ts";

const subject = {
  verb: "read",
  url: "s3://b/artifacts/x",
  bucket: "b",
  region: "us-east-1",
  origin: "https://s3.example",
  accessKeyId: "AKIA1",
};

function refusal(status: number, code?: string, more: Readonly<Record<string, string>> = {}) {
  const body =
    code === undefined ? "<html>no</html>" : `<Error><Code>${code}</Code><Message>m</Message></Error>`;
  return { status, headers: more, body };
}

test.each([
  [refusal(301, "PermanentRedirect", { "x-amz-bucket-region": "eu-west-1" }), 'in the region "eu-west-1"'],
  [refusal(301), "is not in the region"],
  [refusal(403, "AccessDenied"), 'Allow the access key "AKIA1" s3:ListBucket'],
  [refusal(403), "access denied"],
  [refusal(400, "ExpiredToken"), "temporary credentials have expired"],
  [
    refusal(403, "RequestTimeTooSkewed", { date: new Date(Date.now() - 1_200_000).toUTCString() }),
    /differs from that of the service by 1\d{3} s/,
  ],
  [refusal(501, "NotImplemented"), "status 501, NotImplemented m"],
])("a response that no repetition changes says what to correct (%#)", (response, message) => {
  expect(isTransient(response)).toBe(false);
  const error = refused(subject, response);
  expect(error.code).toBe("object-storage-refused");
  expect(error.message).toMatch(message);
  expect(error.message).toContain("Cannot read s3://b/artifacts/x: ");
});

test.each([
  refusal(503, "SlowDown"),
  refusal(500, "InternalError"),
  refusal(502),
  refusal(429),
  refusal(409, "ConditionalRequestConflict"),
])("a response that may change is repeated (%#)", (response) => {
  expect(isTransient(response)).toBe(true);
  expect(refused(subject, response)).toMatchObject({
    code: "object-storage-unavailable",
    message: expect.stringContaining(`https://s3.example responds with status ${response.status}`),
  });
});
