import bcrypt from "bcryptjs";
export async function run() {
  const hash = await bcrypt.hash("password", 4);
  return [await bcrypt.compare("password", hash), bcrypt.hashSync("a", "$2b$04$abcdefghijklmnopqrstuu")];
}
