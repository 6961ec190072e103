/** How the parts of a program are put together. This file is deployed with every program. */
type Make = () => Promise<unknown>;

export async function inTurn(children: readonly Make[]): Promise<unknown> {
  const values: unknown[] = [];
  for (const child of children) values.push(await child());
  return values;
}

export async function all(children: readonly Make[]): Promise<unknown> {
  return await Promise.all(children.map((child) => child()));
}

export async function settled(children: readonly Make[]): Promise<unknown> {
  const endings = await Promise.allSettled(children.map((child) => child()));
  return endings.map((each) =>
    each.status === "fulfilled" ? { value: each.value } : { caught: (each.reason as Error).message },
  );
}

/** The winner's place among the children, and what it came to. */
export async function race(children: readonly Make[]): Promise<unknown> {
  return await Promise.race(indexed(children));
}

export async function any(children: readonly Make[]): Promise<unknown> {
  try {
    return await Promise.any(indexed(children));
  } catch (error) {
    const { errors } = error as AggregateError;
    throw new Error((errors as Error[]).map(({ message }) => message).join(", "), { cause: error });
  }
}

function indexed(children: readonly Make[]): Promise<unknown>[] {
  return children.map(async (child, index) => [index, await child()]);
}

export async function repeat(at: string, times: number, round: (at: string) => Promise<unknown>) {
  return await inTurn(Array.from({ length: times }, (_, index) => () => round(`${at}#${index}`)));
}

export async function caught(child: Make): Promise<unknown> {
  try {
    return { value: await child() };
  } catch (error) {
    return { caught: (error as Error).message };
  }
}
