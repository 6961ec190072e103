import { CookieJar } from "tough-cookie";
export async function run() {
  const jar = new CookieJar();
  await jar.setCookie("a=b; Path=/; Max-Age=3600", "https://a.test/");
  return await jar.getCookieString("https://a.test/c");
}
