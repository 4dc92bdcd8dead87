import { gunzipSync } from "node:zlib";
import type { Answer, RequestHead } from "../gaps/gap";
import { checkInput, type Input } from "./check-input";
import { type Addressed, type ModelIndex, queryOperation } from "./model-index";
import { ownRulesOf } from "./own-rules";
import { readCbor } from "./read-cbor";
import { readJson } from "./read-json";
import { readQuery } from "./read-query";
import { hasCheckedBody, readRest } from "./read-rest";
import { type Refusal, refusalFor, refusalForError } from "./refusal";
import { answerOf, type Protocol } from "./refusal-answer";
import type { Route } from "./route";
import type { Operation, ServiceModel } from "./service-model";
import type { StructureShape } from "./shapes";
import { SerializationError, type Violation } from "./violation";

/** A request that AWS would refuse. */
export interface RefusedRequest {
  readonly service: string;
  readonly operation: string;
  /** The name, id or ARN of what the request is about. Undefined if it has none. */
  readonly subject: string | undefined;
  readonly refusal: Refusal;
  /** Empty if the body cannot be read. */
  readonly violations: readonly Violation[];
  readonly answer: Answer;
}

/** Holds requests to AWS's service models. */
export class RequestCheck {
  constructor(private readonly models: ModelIndex) {}

  /**
   * Checks as much as can be checked before the body is read.
   * @returns "body" if the body has to be checked too; undefined if nothing is wrong
   */
  checkHead(head: RequestHead): RefusedRequest | "body" | undefined {
    const verdicts = this.models.find(head).map((addressed) => checkHead(addressed, head));
    return verdicts.includes("body") ? "body" : agreed(verdicts.filter((verdict) => verdict !== "body"));
  }

  /** @returns undefined if nothing is wrong, or no model describes the request */
  checkRequest(head: RequestHead, body: Buffer): RefusedRequest | undefined {
    return agreed(this.models.find(head).map((addressed) => check(addressed, head, body)));
  }
}

/** What one model says of a request. */
type Verdict = RefusedRequest | Passed;
type Passed = "accepted" | "not described";

/** Models may share a path: what one of them accepts is not refused. */
function agreed(verdicts: readonly Verdict[]): RefusedRequest | undefined {
  if (verdicts.includes("accepted")) return undefined;
  return verdicts.find((verdict) => verdict !== "accepted" && verdict !== "not described");
}

function checkHead(addressed: Addressed, head: RequestHead): Verdict | "body" {
  const { route, protocol } = addressed;
  if (!route) return head.method === "GET" ? check(addressed, head, noBody) : "body";
  const rest = protocol.startsWith("rest-");
  if (rest && (!hasBody(head) || !hasCheckedBody(route.operation.input)))
    return check(addressed, head, noBody);
  return "body";
}

const noBody = Buffer.alloc(0);

function hasBody({ headers }: RequestHead): boolean {
  return headers["transfer-encoding"] !== undefined || Number(headers["content-length"] ?? 0) > 0;
}

function check(addressed: Addressed, head: RequestHead, encoded: Buffer): Verdict {
  const { model, protocol } = addressed;
  const body = head.headers["content-encoding"] === "gzip" ? gunzipSync(encoded) : encoded;
  const parameters = isQuery(protocol)
    ? new URLSearchParams(head.method === "GET" ? head.query : body.toString())
    : undefined;
  const operation = addressed.route?.operation ?? (parameters && queryOperation(model, parameters));
  if (!operation) return "not described";
  const shape = operation.input;
  if (!shape) return "accepted";
  let input: Input = {};
  try {
    input = parameters
      ? readQuery(shape, parameters, protocol === "ec2")
      : readInput(protocol, addressed.route ?? { operation, labels: {} }, head, body);
    const found = brokenRules(model, operation, shape, input);
    return found ? refused(addressed, operation, input, found) : "accepted";
  } catch (error) {
    if (!(error instanceof SerializationError)) throw error;
    return refused(addressed, operation, input, { refusal: refusalForError(model, error), violations: [] });
  }
}

type Broken = Pick<RefusedRequest, "refusal" | "violations">;

function brokenRules(
  model: ServiceModel,
  operation: Operation,
  shape: StructureShape,
  input: Input,
): Broken | undefined {
  const violations = checkInput(shape, input);
  if (violations.length > 0) return { refusal: refusalFor(model, operation, violations), violations };
  for (const rule of ownRulesOf(model.name, operation.name)) {
    const broken = rule(input);
    if (!broken) continue;
    if ("code" in broken) return { refusal: broken, violations };
    return { refusal: refusalFor(model, operation, [broken]), violations: [broken] };
  }
  return undefined;
}

function isQuery(protocol: Protocol): boolean {
  return protocol === "query" || protocol === "ec2";
}

function readInput(protocol: Protocol, route: Route, head: RequestHead, body: Buffer): Input {
  if (protocol === "cbor") return readCbor(body);
  if (protocol === "json") return readJson(body.toString());
  return readRest(route, head, body.toString(), protocol === "rest-xml");
}

function refused(
  { model, protocol }: Addressed,
  operation: Operation,
  input: Input,
  broken: Broken,
): RefusedRequest {
  return {
    service: model.title,
    operation: operation.name,
    subject: subjectOf(operation, input),
    ...broken,
    answer: answerOf(broken.refusal, protocol, model),
  };
}

/** Required names, ids and ARNs say what a request is about. Other values may be secret. */
function subjectOf({ input: shape }: Operation, input: Input): string | undefined {
  const identifying = shape?.members.find(
    ({ name, required }) => required && /(?:Name|Id|Arn|Url)$/i.test(name),
  );
  const value = identifying && input[identifying.key];
  return typeof value === "string" ? value : undefined;
}
