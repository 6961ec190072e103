import snowflake from "snowflake-sdk";
export function run() {
  return typeof snowflake.createConnection;
}
