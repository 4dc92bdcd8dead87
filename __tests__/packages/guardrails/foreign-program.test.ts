import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { buildSync } from "esbuild";
import { allRules } from "../../../packages/guardrails/rules/all-rules";

const program = "__tests__/packages/guardrails/foreign-program/main.ts";

interface Run {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Every file that the program wrote. */
  readonly files: readonly string[];
  readonly stack: string | undefined;
}

/** Runs the program as `cdktf synth` does: in a child process, with CDKTF_OUTDIR as its output folder. */
function synthesize(fault?: string): Run {
  const folder = mkdtempSync(path.join(tmpdir(), "foreign-program-"));
  try {
    const { status, stdout, stderr } = spawnSync(process.execPath, ["scripts/run.mjs", program], {
      env: {
        PATH: process.env.PATH,
        ENGINE_MODULES: process.env.ENGINE_MODULES,
        CDKTF_OUTDIR: folder,
        ...(fault !== undefined && { FAULT: fault }),
      },
      encoding: "utf8",
    });
    const files = readdirSync(folder, { recursive: true }).map(String);
    const stack = files.find((file) => file.endsWith("cdk.tf.json"));
    return {
      exitCode: status,
      stdout,
      stderr,
      files,
      stack: stack && readFileSync(path.join(folder, stack), "utf8"),
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

type Violation = readonly [rule: string, path: string, found: string];

function messageOf(...violations: readonly Violation[]): string {
  const list = violations.map(([id, at, found], index) => {
    const rule = allRules.find((one) => one.id === id);
    return `${index + 1}. ${id} at ${at}\n   found: ${found}\n   why:   ${rule?.why}\n   fix:   ${rule?.fix}\n\n`;
  });
  const count = violations.length === 1 ? "1 guardrail" : `${violations.length} guardrails`;
  return `✗ parcels breaks ${count}:\n\n${list.join("")}${wayOut}\n`;
}

const wayOut =
  'To keep a resource as it is, suppress the rule: Guardrails.apply(stack, { suppressions: [{ rule: "…", resource: "…", reason: "…" }] }).';

/** One fault of each kind: an attribute, a policy, the code, an override, the provider, the backend. */
const faults: readonly { readonly fault: string; readonly violations: readonly Violation[] }[] = [
  {
    fault: "misspelt metric",
    violations: [
      ["alarms-metric-exists", "parcels/errors", "AWS/Lambda has no metric ErrorCount"],
      ["alarms-function-errors", "parcels/worker", "no alarm watches its Errors"],
    ],
  },
  {
    fault: "misspelt action",
    violations: [
      ["iam-action-exists", "parcels/role-policy", "IAM has no action sqs:SendMesage"],
      [
        "lambda-dead-letter-permission",
        "parcels/worker",
        "role parcels/role is not allowed sqs:SendMessage on parcels/parcels-failed",
      ],
    ],
  },
  {
    fault: "handler with another name",
    violations: [
      ["lambda-handler-in-package", "parcels/worker", "handler is index.main, but index.js exports handler"],
    ],
  },
  {
    fault: "override on the stack",
    violations: [
      [
        "sqs-visibility-timeout",
        "parcels/mapping",
        "the visibility timeout of parcels/parcels is 5 seconds, the function's timeout 10",
      ],
    ],
  },
  {
    fault: "provider without tags",
    violations: ["log-group", "errors", "failed", "role", "worker", "parcels-failed", "parcels"].map(
      (id): Violation => ["tags-required", `parcels/${id}`, "missing tags: Team"],
    ),
  },
  { fault: "no backend", violations: [["stack-remote-state", "parcels", "the backend is local"]] },
];

describe("a CDKTF program that uses only the package", () => {
  it("imports nothing else from this repository, except the package that evaluates policies", () => {
    const { metafile } = buildSync({
      entryPoints: [program],
      bundle: true,
      platform: "node",
      packages: "external",
      metafile: true,
      write: false,
    });

    const others = Object.keys(metafile.inputs).filter(
      (file) => file !== program && !/^packages\/(?:guardrails|iam)\//.test(file),
    );
    expect(others).toEqual([]);
  });

  it.each(faults)("is rejected with the full message for $fault", ({ fault, violations }) => {
    const run = synthesize(fault);

    expect(run.stderr).toBe(messageOf(...violations));
    expect(run).toMatchObject({ exitCode: 1, stdout: "", stack: undefined });
  });

  it("is rejected for an unused suppression", () => {
    const run = synthesize("unused suppression");

    expect(run.stderr).toMatch(
      /^✗ parcels breaks 1 guardrail:\n\n1\. the suppression of lambda-tracing for /,
    );
    expect(run.stderr).not.toMatch(/^\s+at /m);
    expect(run).toMatchObject({ exitCode: 1, stdout: "", stack: undefined });
  });

  it("synthesizes, with its code, once the fault is fixed", () => {
    const run = synthesize();

    expect(run).toMatchObject({ exitCode: 0, stdout: "", stderr: "" });
    expect(Object.keys(JSON.parse(run.stack ?? "{}").resource)).toContain("aws_lambda_function");
    expect(run.files.filter((file) => path.basename(file) === "index.js")).toHaveLength(1);
  });
});
