import { execFile } from "node:child_process";
import { mkdir, mkdtempDisposable, readFile, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { defaultRetentionDays } from "../../src/domain/limits.ts";
import { variables } from "../../src/config/variables.ts";
import {
  containerOf,
  findResource,
  hasKustomize,
  readResources,
  readSharedVariables,
  renderFolder,
  renderOverlay,
} from "../support/kubernetes.ts";
import type { Container, Resource } from "../support/kubernetes.ts";

const fileAt = async (path: string) => await readFile(new URL(`../../${path}`, import.meta.url), "utf8");

const root = fileURLToPath(new URL("../../deploy/kubernetes", import.meta.url));
const resources = readResources();
const api = findResource(resources, "Deployment", "api");
const executor = findResource(resources, "Deployment", "executor");
const restate = findResource(resources, "StatefulSet", "restate");
const workloads = [
  ["api", api],
  ["executor", executor],
  ["restate", restate],
] as const;

describe("the resources", () => {
  test("have only fields that Kubernetes knows, with values of their types", async () => {
    await assertTypes(resources);
  });

  test("include the alerts of monitoring/", async () => {
    const alerts = await fileAt("monitoring/alerts.yml");
    await expect(alertsResource(alerts)).toMatchFileSnapshot(
      "../../deploy/kubernetes/components/monitoring/alerts.yaml",
    );
  });

  test.each(workloads)("%s cannot become root, write to its image, or call Kubernetes", (_name, { spec }) => {
    const pod = spec.template.spec;
    expect(pod.securityContext).toMatchObject({
      runAsNonRoot: true,
      runAsUser: 1000,
      seccompProfile: { type: "RuntimeDefault" },
    });
    expect(pod.automountServiceAccountToken).toBe(false);
    expect([pod.hostNetwork, pod.hostPID, pod.hostIPC, pod.initContainers]).toEqual(Array(4).fill(undefined));
    for (const container of pod.containers)
      expect(container.securityContext).toEqual({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ["ALL"] },
      });
  });

  test.each(workloads)("%s has resources, and may lose one pod at a time", (name, workload) => {
    const { requests, limits } = containerOf(workload)["resources"] as Record<string, Record<string, string>>;
    expect([Object.keys(requests ?? {}), Object.keys(limits ?? {})]).toEqual([["cpu", "memory"], ["memory"]]);
    const { spec } = findResource(resources, "PodDisruptionBudget", name);
    expect(spec.maxUnavailable).toBe(1);
    expect(workload.spec.replicas).toBeGreaterThan(1);
    expect(spec.selector).toEqual(workload.spec.selector);
  });

  test.each(workloads)("the probes and services of %s name ports that it has", (name, workload) => {
    const container = containerOf(workload);
    const ports = new Set(container.ports.map((port) => port.name));
    const used = [...probesOf(container), ...servicePorts(workload)];
    expect(used.length, name).toBeGreaterThan(2);
    expect(used.filter((port) => !ports.has(port))).toEqual([]);
  });

  test("refer to secrets by name, and none is a value", () => {
    expect(resources.filter(({ kind }) => kind === "Secret")).toEqual([]);
    const secrets = [
      "DURANIUM_DATABASE_URL",
      "DURANIUM_MASTER_KEY",
      "DURANIUM_ROOT_KEY",
      "DURANIUM_SMTP_URL",
      "DURANIUM_PACKAGES_REGISTRY_TOKEN",
      "AWS_ACCESS_KEY_ID",
      "AWS_SECRET_ACCESS_KEY",
      "AWS_SESSION_TOKEN",
    ];
    const cluster = findResource(resources, "RestateCluster", "restate").spec.compute as Container;
    const containers = [cluster, ...workloads.map(([, workload]) => containerOf(workload))];
    const given = containers.flatMap(({ env = [] }) => env.filter(({ name }) => secrets.includes(name)));
    expect(given.length).toBeGreaterThan(8);
    expect(given.filter(({ valueFrom }) => valueFrom?.secretKeyRef === undefined)).toEqual([]);
    expect(Object.keys(readSharedVariables()).filter((name) => secrets.includes(name))).toEqual([]);
  });

  test("every mount has its volume, and every volume its mount", () => {
    for (const [name, workload] of workloads) {
      const { volumes = [] } = workload.spec.template.spec;
      const claims = workload.spec.volumeClaimTemplates ?? [];
      const names: string[] = [
        ...volumes.map((volume: { name: string }) => volume.name),
        ...claims.map(({ metadata }: Resource) => metadata.name),
      ];
      const mounted = containerOf(workload).volumeMounts.map((mount) => mount.name);
      expect(mounted.toSorted(), name).toEqual(names.toSorted());
    }
  });
});

describe("the processes of Duranium", () => {
  const duranium = [
    ["api", containerOf(api)],
    ["executor", containerOf(executor)],
  ] as const;

  test.each(duranium)("%s has variables that exist", (_name, container) => {
    const names = [...Object.keys(readSharedVariables()), ...(container.env ?? []).map(({ name }) => name)];
    expect(names.filter((name) => !Object.hasOwn(variables, name))).toEqual([]);
    expect(new Set(names).size).toBe(names.length);
  });

  test("run the image as it was built: its user, its ports and its data directory", async () => {
    const dockerfile = await fileAt("Dockerfile");
    expect(dockerfile).toMatch(/^USER node$/m);
    expect(dockerfile).toMatch(/^EXPOSE 3000 9080$/m);
    expect(dockerfile).toMatch(/DURANIUM_DATA_DIR=\/data /);
    expect(dockerfile).toMatch(/HOST=0\.0\.0\.0 /);
    for (const [, { ports, volumeMounts, image }] of duranium) {
      expect(ports.find(({ name }) => name === "http")?.containerPort).toBe(3000);
      expect(volumeMounts.map(({ mountPath }) => mountPath)).toEqual(
        expect.arrayContaining(["/data", "/tmp"]),
      );
      expect(image).toBe("duranium");
    }
    const port = containerOf(executor).ports.find(({ name }) => name === "restate");
    expect(port?.containerPort).toBe(9080);
    expect(containerOf(executor).args).toEqual(["node", "src/confined.ts"]);
    expect(containerOf(api).args).toBeUndefined();
  });

  test("are asked what they answer", async () => {
    const routes = await fileAt("src/api/installation/health-routes.ts");
    const paths = duranium.flatMap(([, container]) => pathsOf(container));
    expect(new Set(paths)).toEqual(new Set(["/healthz", "/readyz"]));
    for (const path of paths) expect(routes).toContain(`path: "${path}"`);
  });

  test("have the time to stop: until no requests arrive, until fetches have ended, and until they have exited", () => {
    const drain = Number(readSharedVariables()["DURANIUM_DRAIN_TIMEOUT_SECONDS"]);
    for (const [name, { spec }] of workloads.slice(0, 2)) {
      const { preStop } = spec.template.spec.containers[0].lifecycle;
      const waits = Number(preStop.exec.command[1]);
      expect(preStop.exec.command[0], name).toBe("sleep");
      // Executor processes have 10 s to exit.
      expect(spec.template.spec.terminationGracePeriodSeconds, name).toBeGreaterThan(waits + drain + 10);
    }
  });

  test("call Restate by the names of its nodes, and Restate calls executors by the name of their service", () => {
    const shared = readSharedVariables();
    expect(shared["RESTATE_INGRESS_URL"]).toBe(nodeUrls(8080));
    expect(shared["RESTATE_ADMIN_URL"]).toBe(nodeUrls(9070));
    expect(restate.spec.replicas).toBe(3);
    expect(restate.spec.serviceName).toBe("restate-cluster");
    const { spec } = findResource(resources, "Service", "executor");
    expect(spec.ports[0]).toMatchObject({ name: "restate", port: 9080 });
    expect(shared["DURANIUM_EXECUTOR_URL"]).toBe("http://executor.duranium.svc:9080");
  });
});

describe("the network policies", () => {
  const policies = resources.filter(({ kind }) => kind === "NetworkPolicy");
  const policy = (name: string) => findResource(policies, "NetworkPolicy", name).spec;

  test("deny what no other one allows", () => {
    expect(policy("default-deny")).toEqual({ podSelector: {}, policyTypes: ["Ingress", "Egress"] });
  });

  test("let only Restate call executors", () => {
    const open = policies.filter(({ spec }) =>
      spec.ingress?.some(({ ports }: { ports: { port: number }[] }) =>
        ports.some(({ port }) => port === 9080),
      ),
    );
    expect(open.map(({ metadata }) => metadata.name)).toEqual(["executor"]);
    const [{ from }] = policy("executor").ingress;
    expect(from).toHaveLength(1);
    expect(from[0].podSelector.matchLabels).toMatchObject({ "app.kubernetes.io/name": "restate" });
  });

  test.each(["10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "127.0.0.1"])(
    "let no process reach %s as a part of the internet",
    (address) => {
      const blocks = policy("internet").egress.flatMap(({ to }: { to: unknown[] }) => to) as IpBlockPeer[];
      const open = blocks.filter(
        ({ ipBlock: { cidr, except = [] } }) =>
          contains(cidr, address) && !except.some((each) => contains(each, address)),
      );
      expect(open).toEqual([]);
      expect(blocks.filter(({ ipBlock }) => contains(ipBlock.cidr, address))).toHaveLength(1);
    },
  );
});

describe("Restate", () => {
  test("has the settings of deploy/restate-cluster.toml, and the operator's cluster has the same", async () => {
    const expected = settingsOf(await fileAt("deploy/restate-cluster.toml"));
    const own = [/^addresses = /, /^request-identity/, /^cluster-name/];
    const shared = (text: string) => settingsOf(text).filter((line) => !own.some((each) => each.test(line)));
    const toml = await fileAt("deploy/kubernetes/restate/statefulset/restate.toml");
    const { spec } = findResource(resources, "RestateCluster", "restate");
    const wanted = expected.filter((line) => !own.some((each) => each.test(line)));
    expect(wanted.length).toBeGreaterThan(15);
    expect(shared(toml)).toEqual(wanted);
    expect(shared(spec.config)).toEqual(wanted);
    expect(settingsOf(toml)).toContain('cluster-name = "duranium"');
    expect(spec.clusterName).toBe("duranium");
    expect(toml).toContain(`${defaultRetentionDays}days`);
  });

  test("is the same version everywhere, the one that Duranium depends on", async () => {
    const image = containerOf(restate).image;
    expect(findResource(resources, "RestateCluster", "restate").spec.compute.image).toBe(image);
    const { version } = JSON.parse(await fileAt("node_modules/@restatedev/restate-server/package.json"));
    expect(version).toMatch(new RegExp(`^${image.split(":").at(-1)}\\.`));
    expect(await fileAt("docker-compose.yml")).toContain(`image: ${image}\n`);
  });
});

describe.skipIf(!hasKustomize)("the overlays", () => {
  test.each(["operator", "statefulset"])("%s is rendered, and has only known fields", async (name) => {
    const rendered = renderOverlay(name);
    await assertTypes(rendered);
    expect(containerOf(findResource(rendered, "Deployment", "api")).image).toBe(
      "registry.example.com/duranium:0.1.0",
    );
    const configMap = rendered.find(
      ({ kind, metadata }) => kind === "ConfigMap" && metadata.namespace === "duranium",
    );
    for (const deployment of ["api", "executor"]) {
      const { envFrom } = containerOf(findResource(rendered, "Deployment", deployment)) as Container & {
        envFrom: unknown;
      };
      expect(envFrom).toEqual([{ configMapRef: { name: configMap?.metadata.name } }]);
    }
    expect(configMap?.data).toMatchObject({
      ...readSharedVariables(),
      DURANIUM_TRUSTED_PROXIES: expect.stringMatching(/./),
    });
    const namespaces = rendered
      .filter(({ kind }) => kind === "Namespace")
      .map(({ metadata }) => metadata.name);
    expect(namespaces.toSorted()).toEqual(["duranium", "restate"]);
  });

  test("an autoscaler decides how many executors run", () => {
    const rendered = renderOverlay("operator");
    expect(findResource(rendered, "Deployment", "executor").spec.replicas).toBeUndefined();
    expect(findResource(rendered, "HorizontalPodAutoscaler", "executor").spec.minReplicas).toBe(2);
  });

  test("with a role of AWS there are no keys", async () => {
    await using folder = await temporaryFolder();
    const path = (name: string) => relative(folder.path, join(root, name));
    const kustomization = {
      resources: [path("overlays/operator")],
      components: [path("components/aws-role")],
    };
    await writeFile(join(folder.path, "kustomization.yaml"), JSON.stringify(kustomization));
    const rendered = renderFolder(folder.path);
    for (const name of ["api", "executor"]) {
      expect(JSON.stringify(findResource(rendered, "Deployment", name))).not.toMatch(/object-storage|AWS_/);
      expect(findResource(rendered, "ServiceAccount", name).metadata).toHaveProperty("annotations");
    }
  });
});

interface IpBlockPeer {
  readonly ipBlock: { readonly cidr: string; readonly except?: readonly string[] };
}

/** IPv4 only. */
function contains(cidr: string, address: string): boolean {
  const [base = "", bits] = cidr.split("/");
  if (base.includes(":")) return false;
  const size = 2 ** (32 - Number(bits));
  return Math.floor(numberOf(base) / size) === Math.floor(numberOf(address) / size);
}

function numberOf(address: string): number {
  return address.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
}

function nodeUrls(port: number): string {
  return [0, 1, 2].map((node) => `http://restate-${node}.restate-cluster.restate.svc:${port}`).join(",");
}

function probesOf(container: Container): readonly string[] {
  return ["startupProbe", "readinessProbe", "livenessProbe"].flatMap((name) => {
    const probe = container[name] as Record<string, { port: string }> | undefined;
    return probe === undefined ? [] : [(probe["httpGet"] ?? probe["tcpSocket"])?.port ?? "missing"];
  });
}

function pathsOf(container: Container): readonly string[] {
  return Array.from(JSON.stringify(container).matchAll(/"path":"(\/\w+)"/g), ([, path = ""]) => path);
}

/** The ports to which services that select the pods of a workload send. */
function servicePorts({ spec }: Resource): readonly string[] {
  const labels = spec.template.metadata.labels;
  const services = resources.filter(
    ({ kind, spec: service }) =>
      kind === "Service" && Object.entries(service.selector).every(([name, value]) => labels[name] === value),
  );
  return services.flatMap((service) =>
    service.spec.ports.map((port: { targetPort: string }) => port.targetPort),
  );
}

/** A line for each setting, in order, without comments. */
function settingsOf(toml: string): readonly string[] {
  const lines = toml
    .replaceAll(/^\s*#.*$/gm, "")
    .replaceAll(/\[\n([^\]]*)\]/g, (_, items: string) => `[${items.replaceAll(/\s+/g, " ").trim()}]`);
  return lines
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "")
    .map((line) => line.replace(/,\s*\]$/, "]"));
}

function alertsResource(alerts: string): string {
  const groups = alerts.slice(alerts.indexOf("groups:\n"));
  return `# The alerts of monitoring/alerts.yml as a resource, generated: npx vitest run test/e2e/kubernetes-manifests.test.ts --update
apiVersion: monitoring.coreos.com/v1
kind: PrometheusRule
metadata:
  name: duranium
  namespace: duranium
spec:
${groups.replaceAll(/^(?=.)/gm, "  ")}`;
}

const customKinds = new Set(["RestateCluster", "ServiceMonitor", "PrometheusRule", "HTTPRoute"]);

/** tsc knows the fields of each kind, and refuses others. */
async function assertTypes(checked: readonly Resource[]): Promise<void> {
  await using folder = await temporaryFolder();
  const custom = fileURLToPath(new URL("../support/kubernetes-resources.ts", import.meta.url));
  const statements = checked.map((resource, index) => {
    const { apiVersion, kind } = resource;
    const from = customKinds.has(kind) ? custom : `kubernetes-models/${apiVersion}/${kind}`;
    return `import type { I${kind} as T${index} } from "${from}";\nexport const resource${index}: T${index} = ${JSON.stringify(resource)};\n`;
  });
  const file = join(folder.path, "resources.ts");
  await writeFile(file, statements.join(""));
  const tsc = fileURLToPath(new URL("../../node_modules/.bin/tsc", import.meta.url));
  const options = [
    "--ignoreConfig",
    "--noEmit",
    "--strict",
    "--skipLibCheck",
    "--module",
    "nodenext",
    "--allowImportingTsExtensions",
  ];
  const { stdout } = await promisify(execFile)(tsc, [...options, file]).catch(
    (error: { stdout: string }) => error,
  );
  expect(stdout).toBe("");
}

/** Where packages are found. */
async function temporaryFolder() {
  const cache = fileURLToPath(new URL("../../node_modules/.cache/duranium-test", import.meta.url));
  await mkdir(cache, { recursive: true });
  return await mkdtempDisposable(join(cache, "kubernetes-"));
}
