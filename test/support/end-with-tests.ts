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

/**
 * Stops a process like Ctrl-C when the process of the tests ends, and then removes the folder, which is the process's
 * own. It is killed if it has not stopped after ten seconds.
 */
export function stopAfterTests(child: ChildProcess, folder: string): void {
  if (child.pid === undefined) return;
  guard ??= startGuard();
  guard.write(`= ${child.pid} ${folder}\n`);
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
  without() { case $1 in *" $2 "*) echo "\${1%%" $2 "*} \${1#*" $2 "}" ;; *) echo "$1" ;; esac; }
  left=" " stopping=" " folders=" "
  while read -r change pid folder; do
    left=$(without "$left" "$pid") stopping=$(without "$stopping" "$pid")
    case $change in
      +) left="$left$pid " ;;
      =) stopping="$stopping$pid " folders=$(without "$folders" "$folder")"$folder " ;;
    esac
  done
  for pid in $left; do kill -9 "$pid"; done
  for pid in $stopping; do kill "$pid"; done
  for pid in $stopping; do
    tries=0
    while kill -0 "$pid" && [ $tries -lt 100 ]; do sleep 0.1; tries=$((tries + 1)); done
    kill -9 "$pid"
  done
  for folder in $folders; do rm -rf "$folder"; done
`;
