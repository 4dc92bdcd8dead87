import Ajv from "ajv";
import { checkFolder } from "../../../../packages/guardrails/command/check-folder";
import { sarifReport } from "../../../../packages/guardrails/command/sarif-report";
import sarifSchema from "./sarif-schema-2.1.0.json";
import { faults, SynthesizedFolder } from "./synthesized-folder";

interface Result {
  readonly ruleId: string;
  readonly ruleIndex: number;
  readonly level: string;
  readonly locations: readonly [
    {
      readonly logicalLocations: readonly [{ readonly fullyQualifiedName: string }];
      readonly physicalLocation: { readonly region: { readonly startLine: number } };
    },
  ];
}

const folder = new SynthesizedFolder();

afterAll(() => folder.remove());

/** OASIS's schema is written for draft 4, whose differences from draft 7 it does not use, except for its id. */
const { $schema: _, id: __, ...schema } = sarifSchema;
const isSarif = new Ajv({ strict: false, validateFormats: false, allErrors: true }).compile(schema);

function report(...edits: typeof faults): ReturnType<typeof JSON.parse> {
  folder.stack("parcels", ...edits);
  return JSON.parse(sarifReport(checkFolder(folder.path, () => ({ severities: { logs: "warning" } }))));
}

describe("the SARIF report", () => {
  it.each([
    ["findings", faults],
    ["no findings", []],
  ])("with %s is valid", (_, edits) => {
    isSarif(report(...edits));

    expect(isSarif.errors).toBeNull();
  });

  it("is checked by a schema that refuses a wrong level", () => {
    const log = report(...faults);
    log.runs[0].results[0].level = "fatal";

    expect(isSarif(log)).toBe(false);
  });

  it("gives each finding its construct path and its line", () => {
    const text = folder.stack("parcels", ...faults).split("\n");

    const [{ results, tool }] = report(...faults).runs;

    const shown = results.map((result: Result) => {
      const [{ logicalLocations, physicalLocation }] = result.locations;
      return {
        rule: [result.ruleId, tool.driver.rules[result.ruleIndex].id],
        level: result.level,
        path: logicalLocations[0].fullyQualifiedName,
        line: text[physicalLocation.region.startLine - 1]?.trim(),
      };
    });
    expect(shown).toEqual([
      {
        rule: ["logs-retention", "logs-retention"],
        level: "warning",
        path: "aws_cloudwatch_log_group.worker",
        line: '"worker": {',
      },
      {
        rule: ["sqs-encrypted", "sqs-encrypted"],
        level: "error",
        path: "parcels/queues/jobs",
        line: '"jobs": {',
      },
    ]);
  });
});
