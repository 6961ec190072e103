import { toHex } from "../../base/bytes.ts";
import { keystreamBytes } from "../../base/keystream.ts";

/**
 * The placeholder that a guest has in place of a secret: `secret_<NAME>_<tag>`. The tag is derived from the execution's seed,
 * as in the guest's `src/guest/context/secrets.ts`. So a party outside the execution cannot make a placeholder, and text from
 * elsewhere never turns into a secret. Its characters need no escaping in URLs, headers and JSON.
 */
export interface Placeholders {
  of(name: string): string;
  /** Matches placeholders. Its only group is the name. */
  readonly pattern: RegExp;
  /** Returns false if a text certainly has no placeholder. It is cheaper than a search. */
  mayBeIn(text: string): boolean;
}

/** The name of a secret: capital letters, digits and `_`, starting with a letter. */
export const secretNameForm = /^[A-Z][A-Z0-9_]{0,63}$/;

/** @param seed 32 bytes */
export function placeholdersOf(seed: Uint8Array): Placeholders {
  // The tag is derived on first use, because most executions have no secrets.
  let tag: string | undefined;
  const of = (name: string) => `secret_${name}_${(tag ??= tagOf(seed))}`;
  return {
    of,
    get pattern() {
      return new RegExp(of("([A-Z][A-Z0-9_]{0,63})"), "g");
    },
    mayBeIn: (text) => text.includes("secret_"),
  };
}

const tagBytes = 16;
/** The same number as in the guest's `randomSecretTag`. */
const secretPurpose = 6;

/** Derives the tag: the first bytes of the seed's keystream for this purpose. */
function tagOf(seed: Uint8Array): string {
  return toHex(keystreamBytes(seed, secretPurpose, { start: 0, end: tagBytes }));
}
