import { toHex } from "../domain/bytes.ts";
import { keystreamBytes } from "./chacha20.ts";

/**
 * What a guest holds in a secret's place: `secret_<NAME>_<tag>`. The tag follows from the execution's seed, as the
 * guest's own `src/guest/secrets.ts` has it, so nobody outside of the execution can make one, and a text that
 * came from elsewhere never turns into a secret. It has only characters that URLs, headers and JSON leave alone.
 */
export interface Placeholders {
  of(name: string): string;
  /** The names whose placeholders are in a text, each once. */
  namesIn(text: string): readonly string[];
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
    namesIn(text) {
      if (!text.includes("secret_")) return [];
      const form = new RegExp(of("([A-Z][A-Z0-9_]{0,63})"), "g");
      return [...new Set(Array.from(text.matchAll(form), ([, name = ""]) => name))];
    },
  };
}

const tagBytes = 16;
/** As `randomSecretTag` of the guest has it. */
const secretPurpose = 6;

/** The first bytes of the keystream under the seed that are for this. */
function tagOf(seed: Uint8Array): string {
  return toHex(keystreamBytes(seed, secretPurpose, { start: 0, end: tagBytes }));
}
