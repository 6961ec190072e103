import mysql from "mysql2";
export function run() {
  return [mysql.format("SELECT ? FROM ??", ["it's", "t"]), typeof mysql.createConnection];
}
