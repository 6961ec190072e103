import { Page } from "../components/page.tsx";

export function Workflows() {
  return <Page title="Workflows">Soon</Page>;
}
