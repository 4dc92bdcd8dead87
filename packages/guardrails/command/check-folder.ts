import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { UserError } from "../../terminal/user-error";
import { type CheckOptions, checkStack } from "../check-stack";
import { StackView, type TerraformJson } from "../stack-view";
import type { CheckedStack } from "./checked-stack";
import { blockLines } from "./key-lines";

const stackFile = "cdk.tf.json";

/**
 * Checks every stack below a folder, such as cdktf.out.
 * @param optionsOf the options for a stack, by its name
 * @throws UserError if there is no stack, or one that cannot be read
 */
export function checkFolder(
  folder: string,
  optionsOf: (stack: string) => CheckOptions,
): readonly CheckedStack[] {
  if (!existsSync(folder) || !statSync(folder).isDirectory()) {
    throw new UserError(`there is no folder ${folder}: synthesize first, then name the output folder`, {
      exitCode: 2,
    });
  }
  const files = stackFilesIn(folder);
  if (files.length === 0) {
    throw new UserError(
      `no stack in ${folder}: expected a file ${stackFile}, as cdktf synth writes it to ${path.join(folder, "stacks", "<stack>")}. HCL output cannot be checked`,
      { exitCode: 2 },
    );
  }
  return files.map((file) => checkFile(file, optionsOf));
}

function stackFilesIn(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name === stackFile)
    .map((entry) => path.join(entry.parentPath, entry.name))
    .filter((file) => !/[\\/](\.terraform|node_modules)[\\/]/.test(file))
    .sort();
}

function checkFile(file: string, optionsOf: (stack: string) => CheckOptions): CheckedStack {
  const text = readFileSync(file, "utf8");
  const json = parse(text, file);
  const view = new StackView(json);
  const name = view.name === "stack" ? path.basename(path.dirname(file)) : view.name;
  const locate = (source: string) => path.resolve(path.dirname(file), source);
  const { violations, optionProblems } = checkStack(json, optionsOf(name), locate);
  const lines = blockLines(text);
  const lineByPath = new Map(view.blocks.map((block) => [block.path, lines.get(block.address) ?? 1]));
  return {
    name,
    file: path.relative(process.cwd(), file).split(path.sep).join("/"),
    violations: violations.map((violation) => ({ ...violation, line: lineByPath.get(violation.path) ?? 1 })),
    optionProblems,
  };
}

function parse(text: string, file: string): TerraformJson {
  try {
    const json: unknown = JSON.parse(text);
    if (typeof json === "object" && json !== null && !Array.isArray(json)) return json as TerraformJson;
  } catch (cause) {
    throw new UserError(`${file} is not JSON: ${(cause as Error).message}`, { exitCode: 2, cause });
  }
  throw new UserError(`${file} is not a stack: expected a JSON object`, { exitCode: 2 });
}
