import { BigQuery } from "@google-cloud/bigquery";
export function run() {
  const client = new BigQuery({
    projectId: "p",
    credentials: { client_email: "a@b.test", private_key: "k" },
  });
  return [client.dataset("d").id, BigQuery.date("2026-01-02").value, BigQuery.timestamp(new Date(0)).value];
}
