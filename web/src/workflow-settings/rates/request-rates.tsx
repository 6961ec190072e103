import type { WorkflowSettings } from "#client";
import { useState } from "react";
import { Link } from "wouter";
import { Section } from "../../components/page.tsx";
import { useAttempt } from "../../components/use-attempt.ts";
import { SettingsForm } from "../settings-form.tsx";
import { useChangeSettings } from "../use-settings.ts";
import { RateRows } from "./rate-rows.tsx";
import { draftsOf, ratesOf } from "./rates-draft.ts";

/** How often the fetches of a workflow request a host, and how many are in flight. */
export function RequestRateSettings({
  workflowId,
  settings: { egress },
  refusal,
}: {
  readonly workflowId: string;
  readonly settings: WorkflowSettings;
  readonly refusal: string | undefined;
}) {
  const [rates, setRates] = useState(() => draftsOf(egress?.rate ?? {}));
  const change = useChangeSettings(workflowId);
  const saving = useAttempt(async () => {
    const rate = ratesOf(rates);
    await change(({ egress: before, ...rest }) => {
      const { rate: _before, ...others } = before ?? {};
      const next = { ...others, ...(rates.length === 0 ? {} : { rate }) };
      return Object.keys(next).length === 0 ? rest : { ...rest, egress: next };
    });
  });
  return (
    <Section
      title="Request rates"
      about={
        <>
          How often fetches request a host, and how many requests are in flight, together with all workflows
          that name the host. Fetches above the rate wait in its <Link href="/queues">queue</Link>. Applies to
          executions that start afterwards.
        </>
      }
    >
      <SettingsForm saving={saving} action="Save request rates" refusal={refusal}>
        <RateRows rates={rates} onChange={setRates} />
      </SettingsForm>
    </Section>
  );
}
