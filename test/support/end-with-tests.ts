import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import type { Writable } from "node:stream";

/**
 * Has a process that tests started end with the process of the tests, however that ends: one that is killed cannot stop
 * anything any more. A shell of its own reads from it which processes there are, and kills those that are left when it is gone.
 *
 * @param whole with all of its process group; for a process that was started `detached`
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
  // In a group of its own, so that Ctrl-C does not end it before it has done its work.
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
