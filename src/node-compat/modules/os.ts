/** `node:os` of a fictitious machine that is the same everywhere, so that its values do not differ on a replay. */
const cpu = { model: "", speed: 0, times: { user: 0, nice: 0, sys: 0, idle: 0, irq: 0 } };

export const EOL = "\n";
export const devNull = "/dev/null";
export const arch = (): string => "x64";
export const machine = (): string => "x86_64";
export const platform = (): string => "linux";
export const type = (): string => "Linux";
export const release = (): string => "";
export const version = (): string => "";
export const hostname = (): string => "localhost";
export const homedir = (): string => "/";
export const tmpdir = (): string => "/tmp";
export const endianness = (): string => "LE";
export const availableParallelism = (): number => 1;
export const cpus = (): readonly object[] => [cpu];
export const freemem = (): number => 0;
export const totalmem = (): number => 0;
export const uptime = (): number => performance.now() / 1_000;
export const loadavg = (): readonly number[] => [0, 0, 0];
export const networkInterfaces = (): object => ({});
export const getPriority = (): number => 0;
export const userInfo = (): object => ({
  uid: 1000,
  gid: 1000,
  username: "workflow",
  homedir: "/",
  shell: null,
});
