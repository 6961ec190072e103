import { DuraniumError } from "../../domain/errors.ts";

type Reason = "missing" | "unknown" | "ended";

/** The error of a request whose caller is unknown. */
export function unauthenticated(reason: Reason): DuraniumError {
  return new DuraniumError("unauthenticated", `Cannot accept the request${reasons[reason]}`);
}

/** The `WWW-Authenticate` header of the response (RFC 6750, section 3). */
export function challengeOf(reason: Reason): string {
  return reason === "unknown" ? `${challenge}, error="invalid_token"` : challenge;
}

const challenge = 'Bearer realm="duranium"';

const reasons: Readonly<Record<Reason, string>> = {
  missing: " without an API key: send it as Authorization: Bearer <key>",
  unknown: ": its API key is not known, has expired or was revoked",
  ended: ": its session is over: log in again",
};
