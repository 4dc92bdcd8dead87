import { readFileSync } from "node:fs";
import path from "node:path";
import { accessLogFormat } from "../../constructs/access-log-format";
import { allChecks } from "../../scripts/verify/all-checks";
import { accountSchema, pipelineAccessSchema } from "../../stacks/environment-schema";
import { application, environments } from "../../stacks/environments";
import { everySwitch } from "./every-switch";
import { filesOf } from "./files-of";
import { serviceStack } from "./service-stacks";

/** AWS's own words, which no code of this project contains, with the page that defines each. */
const wordsOfAws = new Map([
  ["DDBStreamBatchInfo", "https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-errors.html"],
  ["endSequenceNumber", "https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-errors.html"],
  ["ErrorMessage", "https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html"],
  [
    "batchItemFailures",
    "https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-batchfailurereporting.html",
  ],
  [
    "DISABLE",
    "https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateContributorInsights.html",
  ],
  [
    "TrimmedDataAccessException",
    "https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_GetShardIterator.html",
  ],
  ["Invoke", "https://docs.aws.amazon.com/lambda/latest/dg/logging-using-cloudtrail.html"],
  ["platform.report", "https://docs.aws.amazon.com/lambda/latest/dg/telemetry-schema-reference.html"],
  ["record.status", "https://docs.aws.amazon.com/lambda/latest/dg/telemetry-schema-reference.html"],
]);

/** What each Insights query can name besides fields: commands, functions and their own results. */
const queryWords = new Set([
  "filter",
  "stats",
  "sort",
  "count",
  "max",
  "as",
  "by",
  "desc",
  "like",
  "errors",
  "requests",
]);

/** Commands of the AWS CLI that are no operation of a service, with the options that the runbook uses. */
const commandsOfCli: Readonly<Record<string, readonly string[]>> = {
  "logs tail": ["since", "filter-pattern"],
  "s3 ls": ["recursive"],
  "s3 rm": [],
  "configure set": [],
};

/** Options of every AWS CLI command. */
const globalOptions = ["query", "output", "region", "profile"];

/** Services whose SDK is not installed: their operations and options, from the page of each. */
const operationsElsewhere: Readonly<Record<string, readonly string[]>> = {
  // https://docs.aws.amazon.com/cli/latest/reference/dynamodbstreams/
  "dynamodbstreams get-shard-iterator": ["stream-arn", "shard-id", "shard-iterator-type", "sequence-number"],
  "dynamodbstreams get-records": ["shard-iterator", "limit"],
};

const clients: Readonly<Record<string, string>> = {
  logs: "cloudwatch-logs",
  apigateway: "api-gateway",
  events: "eventbridge",
};

const sources = (folder: string) =>
  [...filesOf(path.resolve(folder))].map(([, content]) => `${content}`).join("\n");
const functionSource = sources("lambda-src");
const stackSource = sources("constructs") + sources("stacks");
const prod = JSON.stringify(serviceStack("prod").section());
const logFields = new Set(Object.keys(JSON.parse(accessLogFormat)));

/** The texts that a function writes to its log as `message`. */
export const logTexts = [...functionSource.matchAll(/logger\.\w+\(\s*"([^"]+)"/g)].map(
  ([, text = ""]) => text,
);

/** What a text says that no code, stack, command or service has. Each function looks at one kind of word. */
export const problems = {
  "log text": (text: string) =>
    [...text.matchAll(/\bmessage\s*=\s*"([^"]*)"/g)]
      .map(([, found = ""]) => found)
      .filter((found) => !logTexts.includes(found)),

  "name of a resource or parameter": (text: string) =>
    [
      ...text
        .replaceAll(/\$APP\b/g, application.name)
        .replaceAll(/\$ENV\b|<env>|(?<=-)dev\b(?!-stack)|(?<=\/)dev(?=\/)/g, "prod")
        .matchAll(nameOfResource),
    ]
      .map(([found]) => found)
      .filter((found) => !prod.includes(found)),

  "field of a query": (text: string) =>
    [...text.matchAll(/^```(\w*)\n(.*?)^```$/gms)]
      .filter(([, language]) => language === "")
      .flatMap(
        ([, , query = ""]) => query.replaceAll(/"[^"]*"|\/[^/\n]*\//g, " ").match(/[a-zA-Z][\w.]*/g) ?? [],
      )
      .filter((word) => !queryWords.has(word) && !isLogged(word)),

  "field of a filter pattern": (text: string) =>
    [...text.matchAll(/\$\.([\w.]+)/g)].map(([, field = ""]) => field).filter((field) => !isLogged(field)),

  "word in backticks": (text: string) =>
    [...text.matchAll(/`([A-Za-z]+(?:\.[A-Za-z]+)?)`/g)]
      .map(([, word = ""]) => word)
      .filter(
        (word) => !word.endsWith(".json") && !wordsOfAws.has(word) && !isSetting(word) && !isInCode(word),
      ),

  /** In any document: what looks like a setting with its parent or its value, and what looks like a count. */
  "setting or metric": (text: string) => [
    ...[...text.matchAll(/`([a-z]+[A-Z]?\w*)\.([a-zA-Z]+)`/g)]
      .filter(([, parent = ""]) => settingNames.has(parent))
      .map(([, parent, child]) => `${parent}.${child}`)
      .filter((name) => !settingNames.has(name)),
    ...[...text.matchAll(/`([a-z]+[A-Z]\w*): (?:true|false|"|\{|\d)/g)]
      .map(([, name = ""]) => name)
      .filter((name) => !settingNames.has(name)),
    ...[...text.matchAll(/`((?:ColdStart|Conflict|Event|Idempotent|Item|Record|Table|EventBus)[A-Z]?\w+)`/g)]
      .map(([, name = ""]) => name)
      .filter((name) => !isInCode(name)),
  ],

  "option of an npm command": (text: string) =>
    [...text.matchAll(/npm (?:run )?(?:--silent )?([a-z][\w:-]*) -- ([^`|\n]*)/g)].flatMap(
      ([, name = "", given = ""]) =>
        // What follows `local` is another command, with its own options.
        name === "local" ? [] : optionsIn(given).filter((option) => !usageOf(name).includes(`--${option}`)),
    ),

  "AWS CLI command or option": (text: string) =>
    [
      ...text
        .replaceAll(/<\w+>/g, "X")
        .matchAll(/(?<![\w/-])aws ([a-z][a-z0-9-]*) ([a-z][a-z0-9-]*)((?: [^`|\n>]*)?)/g),
    ].flatMap(([, service = "", operation = "", given = ""]) => {
      const known = optionsOf(service, operation);
      if (!known) return [`aws ${service} ${operation}`];
      return optionsIn(given).filter((option) => ![...known, ...globalOptions].includes(option));
    }),

  "check of npm run verify": (text: string) =>
    [...text.matchAll(/`([a-z-]+\/[a-z0-9-]+)`/g)]
      .map(([, name = ""]) => name)
      .filter((name) => groupsOfChecks.has(name.split("/")[0] ?? ""))
      .filter((name) => !allChecks.some((check) => check.name === name)),
} satisfies Readonly<Record<string, (text: string) => readonly string[]>>;

/** Of every environment, with every switch. */
const settingNames = new Set([
  ...[...environments, ...everySwitch].flatMap((environment) => namesOf(environment)),
  ...Object.keys(accountSchema.shape),
  ...Object.keys(pipelineAccessSchema.shape),
]);

const nameOfResource = new RegExp(
  `(?<![\\w.])/aws/[\\w/-]+|(?<![\\w./-])/?${application.name}[-/][\\w/-]+`,
  "g",
);

const groupsOfChecks = new Set(allChecks.map(({ name }) => name.split("/")[0] ?? ""));

function isLogged(field: string): boolean {
  const [first = "", ...others] = field.split(".");
  if (wordsOfAws.has(field) || logFields.has(field)) return true;
  if (["level", "type", "message", "error"].includes(first)) return others.every((other) => other === "name");
  return new RegExp(`\\b${first}\\b`).test(functionSource) && others.length === 0;
}

/** A setting in stacks/environments.ts, named from its beginning or by its last part. */
function isSetting(word: string): boolean {
  return settingNames.has(word);
}

function namesOf(value: unknown, prefix = ""): readonly string[] {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return [];
  return Object.entries(value).flatMap(([name, child]) => [
    name,
    `${prefix}${name}`,
    ...namesOf(child, `${prefix}${name}.`),
  ]);
}

/**
 * As a whole word: in the deployed stack (metrics, aliases), or in the code as a name or a text. A word that is plain
 * English also occurs in comments, so it must be a text or a property.
 */
function isInCode(word: string): boolean {
  if (/^[a-z]+$/.test(word))
    return word === "error" || new RegExp(`"${word}"|\\b${word}\\??:`).test(functionSource + stackSource);
  const whole = new RegExp(`(?<![\\w-])${word.replaceAll(".", "\\.")}(?![\\w-])`);
  return whole.test(prod) || whole.test(functionSource) || whole.test(stackSource);
}

function optionsIn(given: string): readonly string[] {
  return [...given.replaceAll(/'[^']*'|"[^"]*"/g, " ").matchAll(/(?<=\s|^)--([a-z][\w-]*)/g)].map(
    ([, option = ""]) => option,
  );
}

/** The source of the command's program, which contains its usage. */
function usageOf(name: string): string {
  const { scripts } = JSON.parse(readFileSync("package.json", "utf8"));
  const [file] = /\S+\.ts/.exec(scripts[name] ?? "") ?? [];
  return file ? readFileSync(file, "utf8") : "";
}

/** @returns undefined if there is no such operation */
function optionsOf(service: string, operation: string): readonly string[] | undefined {
  const command = `${service} ${operation}`;
  const known = commandsOfCli[command] ?? operationsElsewhere[command];
  if (known) return known;
  const name = operation.replaceAll(/(?:^|-)([a-z])/g, (_, letter) => letter.toUpperCase());
  try {
    const folder = `node_modules/@aws-sdk/client-${clients[service] ?? service}/dist-types/commands`;
    const declaration = readFileSync(path.join(folder, `${name}Command.d.ts`), "utf8");
    const [, input = ""] = /const input = \{[^\n]*\n(.*?)\n \* \};/s.exec(declaration) ?? [];
    return [...input.matchAll(/^ \* {3}([A-Z]\w*):/gm)].map(([, member = ""]) =>
      member.replaceAll(/(?<=[a-z0-9])[A-Z]/g, (letter) => `-${letter}`).toLowerCase(),
    );
  } catch {
    return undefined;
  }
}
