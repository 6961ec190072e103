import { Page } from "../components/page.tsx";

export function Executions() {
  return <Page title="Executions">Soon</Page>;
}
