import { defineConfig } from "drizzle-kit";

export default defineConfig({
  dialect: "postgresql",
  schema: "./src/stores/sql/schema-postgres.ts",
  out: "./migrations/postgres",
});
