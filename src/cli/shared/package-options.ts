import type { Command } from "commander";
import { collect } from "./input.ts";

/** The options of commands that read a Python workflow. */
export interface PackageOptions {
  readonly packages?: readonly string[];
  readonly excludePackage?: readonly string[];
}

/** Adds the options about the packages of a Python workflow. */
export function withPackageOptions(each: Command): Command {
  return each
    .option(
      "--packages <folder>",
      "folder with Python packages or wheels, in place of the virtual environment; repeatable",
      collect,
    )
    .option("--exclude-package <name>", "Python package to leave out; repeatable", collect);
}
