import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import type { Writable } from "node:stream";

/**
 * Ends a process that tests have started when the process of the tests ends. A test process that is killed cannot
 * stop anything itself, so a separate shell reads the ids of the started processes from it and kills those that
 * remain when it has ended.
 *
 * @param whole kills the process group as well. For a process that was started `detached`
 */
export function endWithTests<T extends ChildProcess>(child: T, whole: "group" | "process" = "process"): T {
  if (child.pid === undefined) return child;
  const pid = whole === "group" ? -child.pid : child.pid;
  guard ??= startGuard();
  guard.write(`+ ${pid}\n`);
  child.once("exit", () => guard?.write(`- ${pid}\n`));
  return child;
}

let guard: Writable | undefined;

function startGuard(): Writable {
  // The shell has its own process group, so that Ctrl-C does not end it before it has killed the others.
  const shell = spawn("/bin/sh", ["-c", killWhatIsLeft], {
    detached: true,
    stdio: ["pipe", "ignore", "ignore"],
  });
  shell.unref();
  (shell.stdin as Writable & { unref(): void }).unref();
  return shell.stdin;
}

const killWhatIsLeft = `
  left=" "
  while read -r change pid; do
    case $change in
      +) left="$left$pid " ;;
      -) left="\${left%%" $pid "*} \${left#*" $pid "}" ;;
    esac
  done
  for pid in $left; do kill -9 "$pid"; done
`;
