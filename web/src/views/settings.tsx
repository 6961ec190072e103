import { Empty, Page } from "../components/page.tsx";
import { Tabs } from "../components/tabs.tsx";
import { useRefusal, useSession } from "../session/session.tsx";
import { About } from "../settings/about.tsx";
import { ApiKeys } from "../settings/api-keys.tsx";
import { AuditLog } from "../settings/audit-log.tsx";
import { Engines } from "../settings/engines.tsx";
import { NotFound } from "./not-found.tsx";

const tabs = [
  { id: "api-keys", label: "API keys" },
  { id: "audit-log", label: "Audit log" },
  { id: "engines", label: "Engines" },
  { id: "about", label: "About" },
] as const;

/** The settings of the installation. */
export function Settings({ tab }: { readonly tab: string }) {
  const label = tabs.find(({ id }) => id === tab)?.label;
  if (label === undefined) return <NotFound />;
  return (
    <Page title={`Settings: ${label}`} heading="Settings">
      <Tabs label="Settings" base="/settings" tabs={tabs} current={tab} />
      <Tab tab={tab} />
    </Page>
  );
}

function Tab({ tab }: { readonly tab: string }) {
  if (tab === "about") return <About />;
  return tab === "engines" ? <RequiresAllWorkflows /> : <RequiresKeyManagement tab={tab} />;
}

/** Engines are those of all workflows. */
function RequiresAllWorkflows() {
  const { workflows } = useSession();
  const refusal =
    useRefusal("workflows:read") ??
    (workflows === undefined ? undefined : "Your API key is for some workflows only.");
  return refusal === undefined ? <Engines /> : <Empty title="Access denied">{refusal}</Empty>;
}

function RequiresKeyManagement({ tab }: { readonly tab: string }) {
  const refusal = useRefusal("keys:manage");
  if (refusal !== undefined) return <Empty title="Access denied">{refusal}</Empty>;
  return tab === "audit-log" ? <AuditLog /> : <ApiKeys />;
}
