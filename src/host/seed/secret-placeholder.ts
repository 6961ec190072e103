import { toHex } from "../../base/bytes.ts";
import { keystreamBytes } from "../../base/keystream.ts";

/**
 * What a guest holds in a secret's place: `secret_<NAME>_<tag>`. The tag follows from the execution's seed, as the
 * guest's own `src/guest/context/secrets.ts` has it, so nobody outside of the execution can make one, and a text that
 * came from elsewhere never turns into a secret. It has only characters that URLs, headers and JSON leave alone.
 */
export interface Placeholders {
  of(name: string): string;
  /** Finds placeholders; its one group is the name. */
  readonly pattern: RegExp;
  /** False where a text has none for certain, which costs less than to look for them. */
  mayBeIn(text: string): boolean;
}

/** A secret's name: capital letters, digits and `_`, a letter first. */
export const secretNameForm = /^[A-Z][A-Z0-9_]{0,63}$/;

/** @param seed 32 bytes */
export function placeholdersOf(seed: Uint8Array): Placeholders {
  // Most texts have none, and most executions no secrets: the tag is made for those that do.
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
/** As `randomSecretTag` of the guest has it. */
const secretPurpose = 6;

/** The first bytes of the keystream under the seed that are for this. */
function tagOf(seed: Uint8Array): string {
  return toHex(keystreamBytes(seed, secretPurpose, { start: 0, end: tagBytes }));
}
