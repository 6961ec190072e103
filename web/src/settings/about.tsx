import { useQuery } from "@tanstack/react-query";
import { api } from "../api.ts";
import { Facts } from "../components/facts.tsx";
import { Loading } from "../components/loading.tsx";
import { Section } from "../components/page.tsx";
import { Problem } from "../components/problem.tsx";
import { useOpensRestate, useSession } from "../session/session.tsx";
import { Moment } from "../time/moment.tsx";

/** The server, the current key, and further links. */
export function About() {
  return (
    <>
      <Installation />
      <CurrentKey />
    </>
  );
}

function Installation() {
  const opensRestate = useOpensRestate();
  const about = useQuery({ queryKey: ["about"], queryFn: async () => await api.get("/") });
  const readiness = useQuery({
    queryKey: ["readiness"],
    queryFn: async () => await api.get("/readyz"),
    refetchInterval: 10_000,
    retry: false,
  });
  return (
    <Section title="Installation">
      {about.error === null ? null : <Problem error={about.error} />}
      {about.data === undefined ? (
        <Loading what="installation" />
      ) : (
        <div className="card card-body stack">
          <Facts
            facts={[
              ["Duranium", about.data.version],
              ["Ready", readiness.error === null ? (readiness.data === undefined ? "…" : "yes") : "no"],
              [
                "API",
                <a key="docs" href="/docs">
                  Reference
                </a>,
              ],
              [
                "OpenAPI",
                <a key="openapi" href={about.data.links.openapi}>
                  openapi.json
                </a>,
              ],
              [
                "Restate",
                about.data.links.restateUi === undefined || !opensRestate ? undefined : (
                  <a key="restate" href={about.data.links.restateUi} target="_blank" rel="noreferrer">
                    Restate UI
                  </a>
                ),
              ],
            ]}
          />
          {readiness.error === null ? null : <Problem error={readiness.error} />}
        </div>
      )}
    </Section>
  );
}

function CurrentKey() {
  const { name, scopes, workflows, expiresAt } = useSession();
  return (
    <Section title="Your key">
      <div className="card card-body">
        <Facts
          facts={[
            ["Name", name],
            ["Scopes", scopes.join(", ")],
            ["Workflows", workflows?.join(", ") ?? "all workflows"],
            ["Session ends", expiresAt === undefined ? undefined : <Moment key="ends" at={expiresAt} />],
          ]}
        />
      </div>
    </Section>
  );
}
