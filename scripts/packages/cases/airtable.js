import Airtable from "airtable";
export async function run(_ctx, { origin }) {
  const base = new Airtable({ apiKey: "k", endpointUrl: `${origin}/airtable` }).base("app1");
  const records = await base("Table").select({ maxRecords: 2, filterByFormula: "{A} = 'b'" }).firstPage();
  return records.map((record) => [record.id, record.get("Name")]);
}
