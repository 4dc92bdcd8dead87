import { SyntaxProblem } from "./read-json";
import { UnknownParameterError } from "./read-query";
import type { Operation, ServiceModel } from "./service-model";
import type { SerializationError, Violation } from "./violation";

/** An error as AWS returns it. */
export interface Refusal {
  /** For example `ValidationException`. */
  readonly code: string;
  /** The code in the query protocol, if it is another one. */
  readonly queryCode: string;
  /** What JSON puts before the code. */
  readonly namespace: string;
  readonly message: string;
}

/** How a service's errors differ from the rest of AWS. */
interface Style {
  readonly code?: string;
  readonly queryCode?: string;
  /** The service repeats neither values nor enumerations. */
  readonly silent?: boolean;
  /** Where the service puts members of the body. */
  readonly bodyPath?: (operation: Operation) => string;
  readonly refuse?: (violations: readonly Violation[]) => Refusal | undefined;
}

/**
 * Where a service is not listed, it returns ValidationException in JSON and ValidationError in the query protocol. The
 * differences were read from recorded responses of AWS (LocalStack's snapshots of tests against AWS, and issues).
 */
const styles: Readonly<Record<string, Style>> = {
  logs: { code: "InvalidParameterException" },
  "cognito-idp": { code: "InvalidParameterException", silent: true },
  ecr: { code: "InvalidParameterException" },
  ecs: { code: "InvalidParameterException" },
  transcribe: { code: "BadRequestException" },
  iam: { silent: true },
  route53: { queryCode: "InvalidInput" },
  cloudfront: { queryCode: "MalformedXML" },
  apigateway: {
    bodyPath: ({ name }) => `${name.charAt(0).toLowerCase()}${name.slice(1)}Input.`,
  },
  lambda: { refuse: refusedRuntime },
  sqs: { refuse: refusedBySqs },
  ec2: { refuse: refusedByEc2 },
  s3: { refuse: refusedByS3 },
};

/** @param violations at least one */
export function refusalFor(
  { name }: ServiceModel,
  operation: Operation,
  violations: readonly Violation[],
): Refusal {
  const style = styles[name] ?? {};
  const own = style.refuse?.(violations);
  if (own) return own;
  const details = violations.map((violation) => detailOf(violation, style, operation));
  return {
    code: style.code ?? "ValidationException",
    queryCode: style.queryCode ?? "ValidationError",
    namespace: style.code ? "" : "com.amazon.coral.validate#",
    message: `${details.length} validation error${details.length > 1 ? "s" : ""} detected: ${details.join("; ")}`,
  };
}

/** The refusal of a body that cannot be read. */
export function refusalForError({ name }: ServiceModel, error: SerializationError): Refusal {
  if (name === "s3" || name === "cloudfront" || name === "route53") return malformedXml;
  if (error instanceof UnknownParameterError) return refusal("UnknownParameter", error.message);
  if (name === "lambda" && error instanceof SyntaxProblem)
    return refusal("InvalidRequestContentException", error.message);
  return {
    code: "SerializationException",
    queryCode: "MalformedInput",
    namespace: "com.amazon.coral.service#",
    message: error.message,
  };
}

function detailOf(violation: Violation, { silent, bodyPath }: Style, operation: Operation): string {
  const { kind, value, sensitive, rule, inBody } = violation;
  const path = `${inBody && bodyPath ? bodyPath(operation) : ""}${violation.path}`;
  const shown =
    kind === "required" ? " null" : sensitive || silent || value === undefined ? "" : ` '${value}'`;
  const told = silent && kind === "enum" ? rule.replace(/: \[.*\]$/s, "") : rule;
  return `Value${shown} at '${path}' failed to satisfy constraint: ${told}`;
}

/** An error that is the same in each protocol. */
export function refusal(code: string, message: string): Refusal {
  return { code, queryCode: code, namespace: "", message };
}

function refusedRuntime(violations: readonly Violation[]): Refusal | undefined {
  const runtime = violations.find(({ kind, path }) => kind === "enum" && path === "runtime");
  if (!runtime || violations.length > 1) return undefined;
  return refusal(
    "InvalidParameterValueException",
    `Value ${runtime.value} at 'runtime' failed to satisfy constraint: ${runtime.rule} or be a valid ARN`,
  );
}

function refusedBySqs([first]: readonly Violation[]): Refusal | undefined {
  if (!first) return undefined;
  const name = upperFirst(first.path.split(".").at(-1) ?? "");
  if (first.kind === "required") {
    return sqs("MissingParameter", `The request must contain the parameter ${name}.`);
  }
  if (/^(?:Attributes|AttributeNames|MessageSystemAttributeNames)$/.test(name)) {
    return sqs("InvalidAttributeName", `Unknown Attribute ${strangersOf(first)}.`);
  }
  return sqs(
    "InvalidParameterValue",
    `Value ${first.value} for parameter ${name} is invalid. Reason: ${first.rule}.`,
  );
}

function sqs(code: string, message: string): Refusal {
  return { ...refusal(code, message), namespace: "com.amazonaws.sqs#" };
}

/** Those keys or items of a value that are none of the allowed ones. */
function strangersOf({ value = "", limit }: Violation): string {
  const allowed = limit.slice(1, -1).split(", ");
  const given = [...value.slice(1, -1).matchAll(/(?:^|, )([^=,]+)/g)].map(([, name = ""]) => name);
  return given.filter((name) => !allowed.includes(name)).join(", ");
}

function refusedByEc2([first]: readonly Violation[]): Refusal | undefined {
  if (!first) return undefined;
  if (first.kind === "required") {
    return refusal("MissingParameter", `The request must contain the parameter ${first.path}`);
  }
  return refusal(
    "InvalidParameterValue",
    `Value (${first.value}) for parameter ${first.path} is invalid. ${first.rule}`,
  );
}

const malformedXml = refusal(
  "MalformedXML",
  "The XML you provided was not well-formed or did not validate against our published schema",
);

/** By parameter, the errors of S3 for what stands in the path, the query or a header. */
const s3Errors: Readonly<Record<string, Refusal>> = {
  bucket: refusal("InvalidBucketName", "The specified bucket is not valid."),
  storageClass: refusal("InvalidStorageClass", "The storage class you specified is not valid"),
};

function refusedByS3([first]: readonly Violation[]): Refusal | undefined {
  if (!first) return undefined;
  // The name of the payload, its own member or a missing document.
  if (first.inBody) return malformedXml;
  return s3Errors[first.path] ?? refusal("InvalidArgument", `${first.path}: ${first.rule}`);
}

function upperFirst(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}
