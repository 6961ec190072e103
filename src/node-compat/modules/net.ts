/** `node:net`: the functions for IP addresses. The constructors of sockets throw. */
const byte = String.raw`(?:25[0-5]|2[0-4]\d|1?\d?\d)`;
const ipv4 = String.raw`${byte}(?:\.${byte}){3}`;

export function isIPv4(text: unknown): boolean {
  return new RegExp(`^${ipv4}$`).test(String(text));
}

export function isIPv6(text: unknown): boolean {
  const [address = "", zone] = String(text).split("%");
  if (zone === "" || !address.includes(":")) return false;
  return URL.canParse(`http://[${address}]/`);
}

export function isIP(text: unknown): 0 | 4 | 6 {
  if (isIPv4(text)) return 4;
  return isIPv6(text) ? 6 : 0;
}

export const getDefaultAutoSelectFamily = (): boolean => true;
export const setDefaultAutoSelectFamily = (): void => {};
export const getDefaultAutoSelectFamilyAttemptTimeout = (): number => 250;
export const setDefaultAutoSelectFamilyAttemptTimeout = (): void => {};
