import { useQuery } from "@tanstack/react-query";
import { api } from "../api.ts";
import { Facts } from "../components/facts.tsx";
import { Loading } from "../components/loading.tsx";
import { Empty, Section } from "../components/page.tsx";
import { Problem } from "../components/problem.tsx";
import { Table } from "../components/table.tsx";
import { useOpensRestate, useRefusal, useSession } from "../session/session.tsx";
import { Moment } from "../time/moment.tsx";

/** The server, its executors, the current key, and further links. */
export function About() {
  return (
    <>
      <Installation />
      {useRefusal("metrics:read") === undefined ? <Executors /> : null}
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

/** What each executor does, so that an uneven distribution is visible. */
function Executors() {
  const { data, error } = useQuery({
    queryKey: ["executors"],
    queryFn: async () => (await api.get("/executors")).items,
    refetchInterval: 5_000,
  });
  const all = data?.reduce((sum, { attempts }) => sum + attempts, 0) ?? 0;
  return (
    <Section
      title="Executors"
      about="Attempts since the start of each executor process, and its share of all."
    >
      {error === null ? null : <Problem error={error} />}
      {data === undefined ? (
        error === null ? (
          <Loading what="executors" />
        ) : null
      ) : data.length === 0 ? (
        <Empty title="No executors">None has reported within 15 seconds.</Empty>
      ) : (
        <Table label="Executors" columns={["Executor", "Attempts", "Share", "In flight", "Connections"]}>
          {data.map(({ host, process, attempts, attemptsInFlight, connections }) => (
            <tr key={`${host} ${process}`}>
              <td>{`${host} #${process}`}</td>
              <td>{attempts}</td>
              <td>{all === 0 ? "" : `${Math.round((attempts / all) * 100)} %`}</td>
              <td>{attemptsInFlight}</td>
              <td>{connections}</td>
            </tr>
          ))}
        </Table>
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
