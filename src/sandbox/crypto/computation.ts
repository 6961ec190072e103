/**
 * A computation is a pure function that a guest asks its host for: bytes in, bytes out, and nothing else decides what
 * comes out. So it is in no journal, and every replay makes it again.
 */
export interface Computation {
  /** What it costs the guest, known before anything is computed: in proportion to the work, the same everywhere. */
  readonly fuel: number;
  /** @throws {ComputationError}, or whatever a library throws at inputs that it cannot work with */
  readonly run: () => Uint8Array;
}

/**
 * Checks what a guest asks for, and says what that costs. Everything that it is given is hostile; what it does itself
 * must be cheap, because the guest has not paid yet.
 *
 * @throws {ComputationError}
 */
export type Prepare = (parameters: Parameters, inputs: Inputs) => Computation;

/** Bytes that a guest handed over: views of its memory, valid until the computation ends. Those that are missing are empty. */
export type Inputs = (index: number) => Uint8Array;

/** Why there is no result. The guest sees the message, so it depends on the request alone. */
export class ComputationError extends Error {
  override readonly name = "ComputationError";
}

/** One unit of fuel is 0.25 to 0.55 ns of what guests compute themselves, and of what they have computed. */
const fuelPerMicrosecond = 2_500;

/** @param microseconds of one core */
export function fuelOf(microseconds: number): number {
  return Math.ceil(microseconds * fuelPerMicrosecond);
}

/** The JSON object that comes with a request, read by name. */
export class Parameters {
  readonly #values: Readonly<Record<string, unknown>>;

  /** @throws {ComputationError} */
  constructor(json: string) {
    this.#values = parseObject(json);
  }

  /** One of the names of a table. */
  choice<T>(name: string, table: ReadonlyMap<string, T>): T {
    const value = this.#values[name];
    const chosen = typeof value === "string" ? table.get(value) : undefined;
    if (chosen !== undefined) return chosen;
    throw new ComputationError(`${name} must be one of ${[...table.keys()].join(", ")}`);
  }

  /** A whole number. */
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
    // Said below.
  }
  throw new ComputationError("The parameters of a computation must be a JSON object");
}
