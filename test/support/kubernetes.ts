import { execFileSync } from "node:child_process";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseAllDocuments } from "yaml";

const root = fileURLToPath(new URL("../../deploy/kubernetes/", import.meta.url));

export interface Resource {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
  // oxlint-disable-next-line typescript/no-explicit-any -- resources have fields of every form, which tsc checks in a test
  readonly spec?: any;
  readonly data?: Readonly<Record<string, string>>;
}

/** The resources of all files below `deploy/kubernetes`. Patches and kustomizations are not among them. */
export function readResources(): readonly Resource[] {
  const files = readdirSync(root, { recursive: true, encoding: "utf8" });
  return files
    .filter((path) => path.endsWith(".yaml") && !path.endsWith("kustomization.yaml"))
    .flatMap((path) => resourcesOf(readFileSync(join(root, path), "utf8")));
}

/** What an overlay consists of. */
export function renderOverlay(name: string): readonly Resource[] {
  return renderFolder(join(root, "overlays", name));
}

export function renderFolder(path: string): readonly Resource[] {
  return resourcesOf(execFileSync("kubectl", ["kustomize", path], { encoding: "utf8", stdio: "pipe" }));
}

function resourcesOf(text: string): readonly Resource[] {
  return parseAllDocuments(text).map((document) => document.toJS() as Resource);
}

/** `kubectl kustomize` of a release that knows components and patches. Debian's is too old. */
export const hasKustomize = (() => {
  try {
    const text = execFileSync("kubectl", ["version", "--client"], { encoding: "utf8", stdio: "pipe" });
    return Number(/Kustomize Version: v(\d+)/.exec(text)?.[1] ?? 0) >= 5;
  } catch {
    return false;
  }
})();

export interface Container {
  readonly image: string;
  readonly args?: readonly string[];
  readonly env?: readonly ContainerVariable[];
  readonly ports: readonly { readonly name: string; readonly containerPort: number }[];
  readonly volumeMounts: readonly { readonly name: string; readonly mountPath: string }[];
  readonly [field: string]: unknown;
}

export interface ContainerVariable {
  readonly name: string;
  readonly value?: string;
  readonly valueFrom?: { readonly secretKeyRef?: { readonly name: string; readonly key: string } };
}

/** @throws if there is no such resource, or more than one */
export function findResource(resources: readonly Resource[], kind: string, name: string): Resource {
  const found = resources.filter(({ kind: its, metadata }) => its === kind && metadata.name === name);
  const [only] = found;
  if (only === undefined || found.length > 1) throw new Error(`${found.length} ${kind}s are named ${name}`);
  return only;
}

export function containerOf({ spec }: Resource): Container {
  return spec.template.spec.containers[0];
}

/** The variables that all processes share. */
export function readSharedVariables(): Readonly<Record<string, string>> {
  const lines = readFileSync(join(root, "base/duranium.env"), "utf8").matchAll(/^(?!#)(\w+)=(.*)$/gm);
  return Object.fromEntries(Array.from(lines, ([, name = "", value = ""]) => [name, value]));
}
