import { RulesSection } from "../alerts/rules/rules-section.tsx";
import { SentAlerts } from "../alerts/sent-alerts.tsx";
import { Page } from "../components/page.tsx";
import { Tabs } from "../components/tabs.tsx";
import { useRefusal } from "../session/session.tsx";
import { NotFound } from "./not-found.tsx";
import { Refused } from "./refused.tsx";
import "../alerts/alerts.css";

const tabs = [
  { id: "sent", label: "Sent" },
  { id: "rules", label: "Rules" },
] as const;

/** Alert rules, and the alerts that they have sent. */
export function Alerts({ tab }: { readonly tab: string }) {
  const refusal = useRefusal("executions:read");
  const label = tabs.find(({ id }) => id === tab)?.label;
  if (label === undefined) return <NotFound />;
  if (refusal !== undefined) return <Refused title="Alerts" refusal={refusal} />;
  return (
    <Page title={`Alerts: ${label}`} heading="Alerts">
      <Tabs label="Sections of alerts" base="/alerts" tabs={tabs} current={tab} />
      {tab === "rules" ? <RulesSection /> : <SentAlerts />}
    </Page>
  );
}
