import { dependencyPath, directReferences } from "../dependencies";
import { literalsOf } from "../partly-known";
import { each, type Rule } from "../rule";
import { asRecord, type Resource } from "../stack-view";

/** Values that say where a secret is, or how many: an ARN, a path such as prod/db, a URL, a number, a dynamic reference. */
const namesOnly = /^(arn:.*|[\w.-]*(\/[\w.-]+)+|https?:\/\/[^@\s]+|\d{1,6}|true|false|\{\{resolve:.*\}\})$/;

const isUnknown = (value: unknown): boolean => typeof value === "string" && value.includes("${");

const addressOf = ({ address }: Resource): string => address;

function variables(lambda: Resource): Readonly<Record<string, unknown>> {
  return asRecord(lambda.value("environment.variables")) ?? {};
}

/**
 * Variables that Lambda sets. It rejects a function that defines them: "Defined runtime environment variables" in its
 * guide. AWS_LAMBDA_EXEC_WRAPPER is not one of them: a function sets it.
 */
const reservedVariables =
  /^(_HANDLER|_X_AMZN_TRACE_ID|AWS_(DEFAULT_REGION|REGION|EXECUTION_ENV|ACCESS_KEY|ACCESS_KEY_ID|SECRET_ACCESS_KEY|SESSION_TOKEN|LAMBDA_(FUNCTION_(NAME|MEMORY_SIZE|VERSION)|INITIALIZATION_TYPE|LOG_GROUP_NAME|LOG_STREAM_NAME|RUNTIME_API))|LAMBDA_(TASK_ROOT|RUNTIME_DIR))$/;

/** Variable names that suggest a secret, and values that are clearly secrets. */
const secretName =
  /(^|_)(PASSWORD|PASSWD|SECRET|API_?KEY|PRIVATE_?KEY|ACCESS_?TOKEN|AUTH_?TOKEN|CREDENTIALS?)$/i;
const secretValue =
  /^(AKIA|ASIA)[A-Z0-9]{16}$|-----BEGIN [A-Z ]*PRIVATE KEY-----|^gh[pousr]_\w{30,}$|:\/\/[^/\s:]+:[^@\s]+@/;

export const lambdaVariablesRules: readonly Rule[] = [
  {
    id: "lambda-metrics-namespace",
    group: "lambda",
    demands: "A function that writes metrics sets POWERTOOLS_METRICS_NAMESPACE",
    why: "Otherwise Powertools throws or writes to a default namespace, and dashboards and alarms stay empty.",
    fix: "Set POWERTOOLS_METRICS_NAMESPACE in environment.variables.",
    mirrors: [],
    check: each("aws_lambda_function", (lambda, { settings, packages }) => {
      const found = variables(lambda).POWERTOOLS_METRICS_NAMESPACE;
      if (isUnknown(lambda.value("environment.variables")) || isUnknown(found)) return undefined;
      const expected = settings.metricsNamespace;
      if (found !== undefined && found !== "" && (!expected || found === expected)) return undefined;
      if (found !== undefined)
        return `POWERTOOLS_METRICS_NAMESPACE is ${JSON.stringify(found)}${expected ? `, not ${expected}` : ""}`;
      const files = packages.filesOf(lambda);
      const uses = [...(files?.values() ?? [])].some((code) => code.includes("POWERTOOLS_METRICS_NAMESPACE"));
      return (expected || uses) && "POWERTOOLS_METRICS_NAMESPACE is absent";
    }),
  },
  {
    id: "lambda-no-secrets",
    group: "lambda",
    demands: "No environment variable holds a secret",
    why: "Variables appear in clear text in the console, in the state and in the synthesized JSON.",
    fix: "Store the secret in Secrets Manager or a SecureString parameter, and pass its ARN to the function.",
    mirrors: ["CKV_AWS_45"],
    check: each("aws_lambda_function", (lambda) =>
      Object.entries(variables(lambda)).flatMap(([name, value]) => {
        const text = typeof value === "string" ? value : "";
        const isReference = text === "" || text.includes("${") || namesOnly.test(text);
        return secretValue.test(text) || (secretName.test(name) && !isReference)
          ? [`variable ${name} looks like a secret`]
          : [];
      }),
    ),
  },
  {
    id: "lambda-own-variables",
    group: "lambda",
    demands: "Environment variables have names of letters, digits and _, and none that Lambda reserves",
    why: "AWS rejects the function at apply.",
    fix: "Rename the variable.",
    mirrors: [],
    check: each("aws_lambda_function", (lambda) =>
      Object.keys(variables(lambda))
        .filter((name) => reservedVariables.test(name) || !/^[A-Za-z]\w+$/.test(name))
        .map((name) => `variable ${name} is reserved or invalid`),
    ),
  },
  {
    id: "lambda-variables-cycle",
    group: "lambda",
    demands: "No variable of a function refers to something that depends on the function",
    why: "Terraform cannot create either first: “Cycle”. The function's own alias, and the address of the API that calls it, depend on it.",
    fix: "Let the function read the value when it runs: its own ARN from the handler's context, its API's address from the event.",
    mirrors: [],
    check: each("aws_lambda_function", (lambda) =>
      Object.entries(asRecord(lambda.raw("environment.variables")) ?? {}).flatMap(([name, value]) =>
        directReferences(lambda.stack, value).flatMap((block) => {
          const path = dependencyPath(block, lambda);
          return path
            ? [`variable ${name} is a cycle: ${lambda.address} → ${path.map(addressOf).join(" → ")}`]
            : [];
        }),
      ),
    ),
  },
  {
    id: "lambda-variables-size",
    group: "lambda",
    demands: "A function's environment variables take at most 4 KB in total",
    why: "AWS rejects the function at apply.",
    fix: "Store long values in SSM parameters, and pass their names to the function.",
    mirrors: [],
    check: each("aws_lambda_function", (lambda) => {
      // What only Terraform knows may be empty.
      const size = Buffer.byteLength(literalsOf(JSON.stringify(variables(lambda))).join(""));
      return size > 4_096 && `environment.variables take ${size} bytes`;
    }),
  },
];
