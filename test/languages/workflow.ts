import type { Behaviour, TestedLanguage } from "./behaviour.ts";

/** One workflow of all behaviours in a language: an entry point for each, because each deploy would take a moment. */
export function sourceOf(
  language: TestedLanguage,
  behaviours: readonly Behaviour[],
): { readonly entry: string; readonly files: Readonly<Record<string, string>> } {
  const extension = language === "python" ? "py" : "ts";
  const modules = behaviours.map(({ name, source }) => [`${name}.${extension}`, source[language]]);
  const names = behaviours.map(({ name }) => name);
  const entry = `workflow.${extension}`;
  return {
    entry,
    files: {
      ...Object.fromEntries(modules),
      [entry]: language === "python" ? pythonEntry(names) : typescriptEntry(names),
    },
  };
}

function typescriptEntry(names: readonly string[]): string {
  return `${names.map((name) => `import { run as ${name} } from "./${name}.ts";`).join("\n")}

const behaviours = { ${names.join(", ")} };

export async function run(ctx, payload) {
  return await behaviours[ctx.entryPoint](ctx, payload);
}
`;
}

function pythonEntry(names: readonly string[]): string {
  return `${names.map((name) => `import ${name}`).join("\n")}

behaviours = [${names.join(", ")}]

async def run(ctx, payload):
    [behaviour] = [each for each in behaviours if each.__name__ == ctx.entry_point]
    return await behaviour.run(ctx, payload)
`;
}
