import { createClient } from "@supabase/supabase-js";
export async function run(_ctx, { origin }) {
  const client = createClient(`${origin}/supabase`, "k", {
    auth: { persistSession: false, autoRefreshToken: false },
  });
  const { data, error } = await client.from("countries").select("name").eq("id", 1).limit(1);
  return [data, error];
}
