#!/usr/bin/env node
import { readArguments } from "../../terminal/command-line";
import { UserError } from "../../terminal/user-error";
import { allRules } from "../rules/all-rules";
import { checkFolder } from "./check-folder";
import { jsonReport } from "./json-report";
import { readConfig } from "./read-config";
import { sarifReport } from "./sarif-report";
import { textReport } from "./text-report";

const usage = `guardrails [--config <file>] [--json | --sarif] [<folder>]

Checks every synthesized stack (cdk.tf.json) in a folder. It calls neither AWS nor Terraform.
  <folder>         the output of cdktf synth. Default: cdktf.out
  --config <file>  options and rules. Default: guardrails.config.json, .js, .cjs or .mjs in the working directory
  --json           writes one JSON document
  --sarif          writes a SARIF 2.1.0 log, for code scanning
  --rules          lists every rule and what it demands, and checks nothing

Exit codes: 0 if no rule is broken (warnings do not count), 1 if one is, 2 if the stacks cannot be checked.`;

/** @returns the exit code */
function main(): number {
  const given = readArguments({
    usage,
    flags: ["json", "sarif", "rules"],
    repeated: ["config"],
    positionals: ["[folder]"],
  });
  if (!given) return 0;
  const { flags, repeated, positionals } = given;
  if (flags.rules) {
    process.stdout.write(allRules.map(({ id, demands }) => `${id}: ${demands}\n`).join(""));
    return 0;
  }
  if (flags.json && flags.sarif)
    throw new UserError("--json and --sarif exclude each other", { exitCode: 2 });
  const [config, ...surplus] = repeated.config;
  if (surplus.length > 0) throw new UserError("--config can be given once", { exitCode: 2 });
  const stacks = checkFolder(positionals[0] ?? "cdktf.out", readConfig(config));
  const report = flags.json ? jsonReport : flags.sarif ? sarifReport : textReport;
  process.stdout.write(report(stacks));
  const isBroken = stacks.some(
    ({ violations, optionProblems }) =>
      optionProblems.length > 0 || violations.some(({ severity }) => severity === "error"),
  );
  return isBroken ? 1 : 0;
}

try {
  process.exitCode = main();
} catch (error) {
  const isForUser = error instanceof UserError;
  process.stderr.write(`✗ ${isForUser ? error.message : (error as Error).stack}\n`);
  process.exitCode = isForUser ? error.exitCode : 2;
}
