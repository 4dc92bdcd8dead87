import type { StackJson } from "./readable";
import type { Suppression } from "./suppressions";

/** The parts of checkov's JSON report that these tests read. */
export interface CheckovReport {
  readonly results: {
    readonly passed_checks: readonly CheckovRecord[];
    readonly failed_checks: readonly CheckovRecord[];
  };
  readonly summary: { readonly parsing_errors: number };
}

interface CheckovRecord {
  readonly check_id: string;
  readonly check_name: string;
  readonly file_path: string;
  /** `<type>.<name>`, or `resource.<name>` for some checks. */
  readonly resource: string;
}

export interface Finding {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  readonly address: string;
}

export type Findings = readonly Finding[];

/** @throws Error if checkov could not read the stack, which checkov itself reports as no findings */
export function findingsOf({ results, summary }: CheckovReport, stack: string, json: StackJson): Findings {
  const of = (records: readonly CheckovRecord[]) =>
    records.filter(({ file_path: file }) => file.split("/").includes(stack));
  if (summary.parsing_errors > 0 || of(results.passed_checks).length === 0) {
    throw new Error(
      `checkov could not read ${stack}: ${summary.parsing_errors} files with errors, nothing passed`,
    );
  }
  return of(results.failed_checks).map(({ check_id: id, check_name: name, resource }) => {
    const logicalId = resource.slice(resource.indexOf(".") + 1);
    const [type] =
      Object.entries(json.resource ?? {}).find(([known, byId]) =>
        resource.startsWith("resource.") ? logicalId in byId : resource.startsWith(`${known}.`),
      ) ?? [];
    if (!type) throw new Error(`checkov reports ${resource}, which ${stack} does not have`);
    return { id, name, type, address: `${type}.${logicalId}` };
  });
}

/** One line per finding that is not suppressed, and per suppression without a finding. */
export function problemsOf(findings: Findings, suppressions: readonly Suppression[]): readonly string[] {
  const suppressed = ({ id, type }: Finding) =>
    suppressions.some((suppression) => suppression.id === id && suppression.types.includes(type));
  const stale = suppressions.flatMap(({ id, types }) =>
    types
      .filter((type) => !findings.some((finding) => finding.id === id && finding.type === type))
      .map(
        (type) => `${id} is suppressed for ${type}, but checkov no longer finds it: remove the suppression`,
      ),
  );
  return [
    ...findings
      .filter((finding) => !suppressed(finding))
      .map(
        ({ id, name, address }) =>
          `${id} ${name}: ${address}; fix it, or suppress it with a reason in suppressions.ts`,
      ),
    ...stale,
  ];
}
