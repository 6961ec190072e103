/** `1 execution`, `65 executions`. */
export function counted(count: number): string {
  return `${count.toLocaleString("en")} ${count === 1 ? "execution" : "executions"}`;
}
