import { hostRatesSchema } from "../../declarations/host-rates-schema.ts";
import type { HostRates } from "../../domain/automation/host-rates.ts";

/**
 * Parses the operator's setting. An empty text limits no host.
 *
 * @throws {Error} that says what is wrong with the text
 */
export function parseHostRates(text: string): HostRates {
  if (text.trim() === "") return {};
  const parsed = hostRatesSchema.safeParse(JSON.parse(text));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new Error(`${issue?.path.join(".") ?? ""}: ${issue?.message ?? "not valid"}`.replace(/^: /, ""));
}
