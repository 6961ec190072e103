/**
 * A pure function that a guest calls on its host: the output bytes depend only on the input bytes. It is
 * therefore not journaled, and every replay computes it again.
 */
export interface Computation {
  /**
   * The cost for the guest, known before anything is computed: in proportion to the work, and the same
   * everywhere.
   */
  readonly fuel: number;
  /** @throws {ComputationError}, or whatever a library throws for inputs that it cannot process */
  readonly run: () => Uint8Array;
}

/**
 * Validates a request and determines its cost. All inputs are untrusted. This function must be cheap, because
 * the guest has not paid yet.
 *
 * @throws {ComputationError}
 */
export type Prepare = (parameters: Parameters, inputs: Inputs) => Computation;

/**
 * Input bytes of the guest: views of its memory, valid until the computation ends. Missing inputs are empty.
 */
export type Inputs = (index: number) => Uint8Array;

/** Why there is no result. The guest sees the message, so it must depend on the request alone. */
export class ComputationError extends Error {
  override readonly name = "ComputationError";
}

/** Fuel for a microsecond of the host: what guest code of the same duration costs. */
const fuelPerMicrosecond = 2_500;

/** @param microseconds of one core */
export function fuelOf(microseconds: number): number {
  return Math.ceil(microseconds * fuelPerMicrosecond);
}

/** The JSON object of a request, read by name. */
export class Parameters {
  readonly #values: Readonly<Record<string, unknown>>;

  /** @throws {ComputationError} */
  constructor(json: string) {
    this.#values = parseObject(json);
  }

  /** Returns the table's entry with the parameter's value as its name. */
  choice<T>(name: string, table: ReadonlyMap<string, T>): T {
    const value = this.#values[name];
    const chosen = typeof value === "string" ? table.get(value) : undefined;
    if (chosen !== undefined) return chosen;
    throw new ComputationError(`${name} must be one of ${[...table.keys()].join(", ")}`);
  }

  /** Returns a whole number. */
  count(name: string, { min = 0, max }: { readonly min?: number; readonly max: number }): number {
    const value = this.#values[name];
    if (typeof value === "number" && Number.isInteger(value) && value >= min && value <= max) return value;
    throw new ComputationError(`${name} must be a whole number from ${min} to ${max}`);
  }
}

function parseObject(json: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(json);
    if (typeof value === "object" && value !== null) return value as Record<string, unknown>;
  } catch {
    // Reported by the throw below.
  }
  throw new ComputationError("The parameters of a computation must be a JSON object");
}
