import { useMutation } from "@tanstack/react-query";
import { ProblemError } from "#client";
import type { Draft } from "../../drafts/draft.ts";
import { readRequest, withImport } from "./package-rows.ts";
import { uploadPackage, withPackages } from "./packages-api.ts";

/** The changes of the packages of a draft. One is in progress at a time, and further ones wait. */
export interface PackageChanges {
  readonly isUnderWay: boolean;
  /** What is being done, as a sentence. */
  readonly doing: string | undefined;
  readonly error: unknown;
  /** When the change of the error was requested. */
  readonly attempt: number;
  /** What the error says about each package. */
  readonly details: readonly string[];
  /** @param request such as `zod@^4` */
  readonly add: (request: string) => void;
  readonly upload: (file: File) => void;
  /** Resolves the package again, to the newest version in its range. */
  readonly update: (name: string) => void;
  readonly remove: (name: string) => void;
  readonly insertImport: (name: string) => void;
}

interface Change {
  readonly doing: string;
  /** @param draft as it is when the changes before this one have been made */
  readonly make: (draft: Draft) => Promise<Pick<Draft, "packages" | "packageLock">>;
}

/** @param latest returns the draft as it is now */
export function usePackages(latest: () => Draft, onEdit: (draft: Draft) => void): PackageChanges {
  const { mutate, isPending, variables, error, submittedAt } = useMutation({
    mutationFn: async ({ make }: Change) => await make(latest()),
    // Sequentially: each begins with the packages that the one before it has made.
    scope: { id: "packages of a draft" },
    onSuccess: (made) => {
      const { packages: _packages, packageLock: _lock, ...rest } = latest();
      onEdit({ ...rest, ...made });
    },
  });
  return {
    isUnderWay: isPending,
    doing: isPending ? variables.doing : undefined,
    error,
    attempt: submittedAt,
    details: error instanceof ProblemError ? error.diagnostics.map(sentenceOf) : [],
    add(text) {
      const request = readRequest(text);
      if (request === undefined) return;
      const { name, range } = request;
      mutate({ doing: `Adding ${name}…`, make: async (draft) => await withPackage(draft, name, range) });
    },
    upload(file) {
      mutate({
        doing: `Uploading ${file.name}…`,
        make: async () => {
          const { name, digest } = await uploadPackage(file);
          return await withPackage(latest(), name, `upload:${digest}`);
        },
      });
    },
    update(name) {
      mutate({
        doing: `Updating ${name}…`,
        make: async (draft) => await withPackages(draft, draft.packages ?? {}, withoutPackage(draft, name)),
      });
    },
    remove(name) {
      mutate({
        doing: `Removing ${name}…`,
        make: async (draft) => {
          const { [name]: _removed, ...others } = draft.packages ?? {};
          return await withPackages(draft, others);
        },
      });
    },
    insertImport: (name) => onEdit(withImport(latest(), name)),
  };
}

async function withPackage(draft: Draft, name: string, range: string) {
  return await withPackages(draft, { ...draft.packages, [name]: range }, withoutPackage(draft, name));
}

function withoutPackage({ packageLock: lock = {} }: Draft, name: string) {
  // Under an alias, the package has another name.
  const own = lock[`node_modules/${name}`]?.name ?? name;
  return Object.fromEntries(Object.entries(lock).filter(([, locked]) => locked.name !== own));
}

function sentenceOf({ message, file, hint }: { message: string; file?: string; hint?: string }): string {
  return [
    message,
    ...(file === undefined ? [] : [`File: ${file}`]),
    ...(hint === undefined ? [] : [hint]),
  ].join(". ");
}
