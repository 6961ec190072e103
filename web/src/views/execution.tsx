import { Page } from "../components/page.tsx";

export function Execution({ executionId }: { readonly executionId: string }) {
  return <Page title={executionId}>Soon</Page>;
}
