import { readdirSync, readFileSync } from "node:fs";
import { logTexts, problems } from "./support/written-words";

type Kind = keyof typeof problems;

const runbook = readFileSync("docs/runbook.md", "utf8");

/** Kinds of words that mean the same in every document. Elsewhere a word in backticks can be anything. */
const everywhere: readonly Kind[] = [
  "setting or metric",
  "log text",
  "option of an npm command",
  "AWS CLI command or option",
  "check of npm run verify",
];

/** Documents whose names of resources are those of the stacks, and not examples. */
const aboutStacks = ["README.md", "docs/architecture.md", "docs/cost.md", "docs/state.md"];

const documents = [
  "README.md",
  "CONTRIBUTING.md",
  ...readdirSync("docs").map((file) => `docs/${file}`),
].filter((file) => file.endsWith(".md") && file !== "docs/runbook.md");

describe("the words in documents", () => {
  it.each(Object.keys(problems).map((kind) => [kind as Kind]))(
    "the runbook uses each %s as the code has it",
    (kind) => {
      expect(problems[kind](runbook)).toEqual([]);
    },
  );

  it.each(documents.flatMap((file) => everywhere.map((kind) => [file, kind] as const)))(
    "%s uses each %s as the code has it",
    (file, kind) => {
      expect(problems[kind](readFileSync(file, "utf8"))).toEqual([]);
    },
  );

  it.each(aboutStacks.map((file) => [file]))(
    "%s uses each name of a resource or parameter as the code has it",
    (file) => {
      expect(problems["name of a resource or parameter"](readFileSync(file, "utf8"))).toEqual([]);
    },
  );

  /** Each changes one word that the runbook uses. */
  it.each<[Kind, string, string]>([
    ["log text", '"record failed"', '"record broken"'],
    ["name of a resource or parameter", "/dead-letter-queue-url", "/dead-letter-url"],
    ["name of a resource or parameter", "serverless-app-overview-<env>", "serverless-app-dashboard-<env>"],
    ["name of a resource or parameter", "/aws/vendedlogs/apigateway/", "/aws/apigateway/"],
    ["name of a resource or parameter", "$APP-stream-$ENV", "$APP-changes-$ENV"],
    ["field of a query", "by resourcePath, userArn", "by resourcePath, userId"],
    ["field of a query", "filter level", "filter severity"],
    ["field of a filter pattern", "$.message", "$.msg"],
    ["field of a filter pattern", "$.record.status", "$.record.state"],
    ["word in backticks", "`UnexpectedEventError`", "`WrongEventError`"],
    ["word in backticks", "`MissingEnvironmentError`", "`EnvironmentError`"],
    ["word in backticks", "`ColdStart`", "`ColdStarts`"],
    ["word in backticks", "`IntegrationLatency`", "`LatencyOfIntegration`"],
    ["word in backticks", "`apiFunction.memoryMb`", "`apiFunction.memory`"],
    ["word in backticks", "`throttle.requestsPerSecond`", "`throttle.rate`"],
    ["word in backticks", "`batchSize`", "`recordsPerBatch`"],
    ["word in backticks", "`itemTimestamp`", "`timestampOfItem`"],
    ["word in backticks", "`live`", "`current`"],
    ["AWS CLI command or option", "aws lambda get-alias", "aws lambda read-alias"],
    ["AWS CLI command or option", "--receipt-handle", "--handle"],
    ["AWS CLI command or option", "--shard-iterator-type", "--iterator-type"],
    ["AWS CLI command or option", "--filter-pattern", "--pattern"],
    ["AWS CLI command or option", "aws sqs receive-message", "aws queue receive-message"],
  ])("finds a wrong %s: %s as %s", (kind, right, wrong) => {
    expect(runbook).toContain(right);

    expect(problems[kind](runbook.replaceAll(right, wrong))).not.toEqual([]);
  });

  it.each<[Kind, string]>([
    ["option of an npm command", "Run `npm run verify -- dev-stack --markdwon`."],
    ["option of an npm command", "```sh\nnpm start -- --rset\n```"],
    ["option of an npm command", "| show | `npm run --silent outputs -- dev-stack --yaml` |"],
    ["check of npm run verify", "`alarms/there`"],
    ["setting or metric", "`apiFunction.memory`"],
    ["setting or metric", "set `throttle.rate` first"],
    ["setting or metric", "`webAclEnabled: true`"],
    ["setting or metric", "`ColdStarts`"],
    ["name of a resource or parameter", "`/aws/lambda/serverless-app-web-<env>`"],
    ["name of a resource or parameter", "`serverless-app-overviews-dev`"],
  ])("finds a wrong %s in %s", (kind, text) => {
    expect(problems[kind](text)).not.toEqual([]);
  });

  it.each<[Kind, string]>([
    [
      "option of an npm command",
      "`npm run verify -- dev-stack --except failures/ --json`, `npm start -- --reset`",
    ],
    ["option of an npm command", "`npm run local -- aws s3 ls --recursive`"],
    ["check of npm run verify", "`alarms/exist`, `docs/runbook`"],
    ["setting or metric", "`apiFunction.memoryMb`, `ColdStart`, `webAcl: true`, `new Date()`"],
  ])("passes a right %s in %s", (kind, text) => {
    expect(problems[kind](text)).toEqual([]);
  });

  it("finds the log texts in the code", () => {
    expect(logTexts).toEqual(expect.arrayContaining(["record failed", "request failed"]));
  });
});
