import { Page, Section } from "../components/page.tsx";
import { useRefusal } from "../session/session.tsx";

export function Settings({ tab }: { readonly tab: string }) {
  const refusal = useRefusal("keys:manage");
  return (
    <Page title="Settings">
      <Section title={tab}>{refusal}</Section>
    </Page>
  );
}
