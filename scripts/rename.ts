import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { readArguments } from "../packages/terminal/command-line";
import { say } from "../packages/terminal/progress";
import { textTable } from "../packages/terminal/table";
import { UserError } from "../packages/terminal/user-error";
import { allEnvironments } from "../stacks/accounts";
import { applicationProblems } from "../stacks/check-environments";
import { application } from "../stacks/environments";
import { projectFiles } from "./lib/project-files";
import { type ProjectNames, renameText } from "./rename/rename-text";
import { type Generator, updateGenerated } from "./update/update-generated";

const usage = `npm run rename -- <name> [--organization <name>] [--namespace <Name>]

Gives the project a name of your own in code, tests and documents, and then regenerates every generated file. <name>
becomes the first part of every physical name on AWS. Run it before the first deployment: afterwards, every resource would
be replaced under its new name, and environments with deletion protection refuse that.

  --organization <name>  the prefix of every bucket's name, and the repository's owner
  --namespace <Name>     the namespace of the functions' metrics in CloudWatch

Exit codes: 0 if the project has the name, 1 if it has, but a file could not be generated, 2 if the name is refused.`;

/** Longer names can make lines too long. */
const formatted: Generator = {
  name: "format",
  command: [path.join("node_modules", ".bin", "biome"), "check", "--write", "--colors=off"],
};

async function main(): Promise<void> {
  const given = readArguments({
    usage,
    flags: [],
    repeated: ["organization", "namespace"],
    positionals: ["<name>"],
  });
  if (!given) return;
  const from: ProjectNames = {
    application: application.name,
    organization: application.organization,
    namespace: application.metricsNamespace,
  };
  const to: ProjectNames = {
    application: given.positionals[0] ?? "",
    organization: given.repeated.organization.at(-1) ?? from.organization,
    namespace: given.repeated.namespace.at(-1) ?? from.namespace,
  };
  refuseWrongNames(to);
  const changed = rename(process.cwd(), from, to);
  if (changed.length === 0) {
    say(`✓ the project already is ${describe(to)}: nothing to change`);
    return;
  }
  process.stdout.write(`${textTable(changed.map(({ file, replaced }) => [file, `${replaced}`]))}\n`);
  await updateGenerated([formatted]);
  say(`✓ renamed ${describe(from)} to ${describe(to)} in ${changed.length} files
  npm start -- --reset   starts an empty laptop under the new names
  git diff               shows what has changed`);
}

function describe({ application: name, organization, namespace }: ProjectNames): string {
  return `${name} of ${organization} (namespace ${namespace})`;
}

function refuseWrongNames({ application: name, organization, namespace }: ProjectNames): void {
  const problems = applicationProblems({ ...application, name, organization, metricsNamespace: namespace });
  if (problems.length > 0) throw new UserError(problems.join("\n"), { exitCode: 2 });
}

/** @returns the files that were changed, and how many names in each */
function rename(root: string, from: ProjectNames, to: ProjectNames) {
  const environments = allEnvironments().map((environment) => environment.name);
  return projectFiles(root).flatMap((file) => {
    const before = readFileSync(path.join(root, file), "utf8");
    const { text, replaced } = renameText(file, before, { from, to, environments });
    if (replaced === 0) return [];
    writeFileSync(path.join(root, file), text);
    return [{ file, replaced }];
  });
}

void main();
