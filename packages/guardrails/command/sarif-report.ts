import type { Rule } from "../rule";
import type { CheckedStack } from "./checked-stack";

/** A SARIF 2.1.0 log with one run, for code scanning. */
export function sarifReport(stacks: readonly CheckedStack[]): string {
  const rules = [
    ...new Map(stacks.flatMap(({ violations }) => violations.map(({ rule }) => [rule.id, rule]))).values(),
  ];
  const ids = rules.map(({ id }) => id);
  const results = stacks.flatMap(({ file, violations }) =>
    violations.map(({ rule, severity, path, found, line }) => ({
      ruleId: rule.id,
      ruleIndex: ids.indexOf(rule.id),
      level: severity,
      message: { text: `${found}. ${rule.fix}` },
      locations: [
        {
          physicalLocation: { artifactLocation: { uri: encodeURI(file) }, region: { startLine: line } },
          logicalLocations: [{ fullyQualifiedName: path, kind: "resource" }],
        },
      ],
      // The line changes whenever something is added above, so it is not part of a finding's identity.
      partialFingerprints: { "ruleAndResource/v1": `${rule.id}:${path}` },
    })),
  );
  const notifications = stacks.flatMap(({ name, optionProblems }) =>
    optionProblems.map((problem) => ({ level: "error", message: { text: `${name}: ${problem}` } })),
  );
  const log = {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: { driver: { name: "guardrails", rules: rules.map(descriptor) } },
        invocations: [{ executionSuccessful: true, toolConfigurationNotifications: notifications }],
        results,
      },
    ],
  };
  return `${JSON.stringify(log, undefined, 2)}\n`;
}

function descriptor({ id, group, demands, why, fix }: Rule): object {
  return {
    id,
    shortDescription: { text: demands },
    fullDescription: { text: why },
    help: { text: fix },
    properties: { tags: [group] },
  };
}
