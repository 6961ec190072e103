import { useQuery } from "@tanstack/react-query";
import { api } from "../../api.ts";
import type { PackageLock } from "../../drafts/draft.ts";

const none: Readonly<Record<string, string>> = {};

/** The files of a draft's packages that type checking needs, by path. Empty while they are loading. */
export function usePackageFiles(lock: PackageLock = {}): Readonly<Record<string, string>> {
  const digests = Object.entries(lock).map(([folder, { digest }]) => [folder, digest] as const);
  const { data } = useQuery({
    queryKey: ["package-files", digests],
    queryFn: async () => {
      const loaded = await Promise.all(
        digests.map(async ([folder, digest]) => await typesOf(folder, digest)),
      );
      const typed = new Set(digests.map(([folder]) => `node_modules/.untyped/${typedBy(folder)}.d.ts`));
      return Object.fromEntries(loaded.flat().filter(([path]) => !typed.has(path)));
    },
    enabled: digests.length > 0,
    staleTime: Infinity,
    // What is no longer stored is reported by previews and deploys.
    retry: false,
  });
  return data ?? none;
}

type Files = readonly (readonly [path: string, text: string])[];

/** Types and manifests. Whatever a package without types exports is `any`. */
async function typesOf(folder: string, digest: string): Promise<Files> {
  const files = (await api.get("/packages/{digest}", { params: { path: { digest } } })) ?? {};
  if (!Object.keys(files).some(isType)) return untyped(folder);
  return Object.entries(files)
    .filter(([path]) => isType(path) || path.endsWith("package.json"))
    .map(([path, text]) => [`${folder}/${path}`, text] as const);
}

function isType(path: string): boolean {
  return /\.d\.[cm]?ts$/.test(path);
}

/** A declaration in place of the code, about which TypeScript's worker has diagnostics that cannot leave it. */
function untyped(folder: string): Files {
  const name = folder.slice("node_modules/".length);
  if (name.includes("/node_modules/")) return [];
  const modules = [name, `${name}/*`].map((each) => `declare module ${JSON.stringify(each)};\n`);
  return [[`node_modules/.untyped/${name}.d.ts`, modules.join("")]];
}

/** `node_modules/@types/scope__name` → `@scope/name`. */
function typedBy(folder: string): string | undefined {
  const [, name] = /^node_modules\/@types\/([^/]+)$/.exec(folder) ?? [];
  return name?.replace(/^(.+)__/, "@$1/");
}
