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
import { SerializationError, type Violation } from "./violation";

/** A request that AWS would refuse. */
export interface RefusedRequest {
  readonly service: string;
  readonly operation: string;
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
    return common(this.models.find(head).map((addressed) => checkHead(addressed, head)));
  }

  /** @returns undefined if nothing is wrong, or no model describes the request */
  checkRequest(head: RequestHead, body: Buffer): RefusedRequest | undefined {
    return common(this.models.find(head).map((addressed) => check(addressed, head, body)));
  }
}

/** Models may share a path: what one of them accepts is not refused. */
function common<T>(results: readonly (T | undefined)[]): T | undefined {
  return results.includes(undefined) ? undefined : results[0];
}

function checkHead(addressed: Addressed, head: RequestHead): RefusedRequest | "body" | undefined {
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

function check(addressed: Addressed, head: RequestHead, encoded: Buffer): RefusedRequest | undefined {
  const { model, protocol } = addressed;
  const body = head.headers["content-encoding"] === "gzip" ? gunzipSync(encoded) : encoded;
  const parameters = isQuery(protocol)
    ? new URLSearchParams(head.method === "GET" ? head.query : body.toString())
    : undefined;
  const operation = addressed.route?.operation ?? (parameters && queryOperation(model, parameters));
  if (!operation?.input) return undefined;
  const route = addressed.route ?? { operation, labels: {} };
  try {
    const input = parameters
      ? readQuery(operation.input, parameters, protocol === "ec2").input
      : readInput(protocol, route, head, body);
    const violations = checkInput(operation.input, input);
    if (violations.length > 0) {
      return refused(model, operation, protocol, refusalFor(model, operation, violations), violations);
    }
    return refusedByOwnRule(model, operation, protocol, input);
  } catch (error) {
    if (!(error instanceof SerializationError)) throw error;
    return refused(model, operation, protocol, refusalForError(model, error), []);
  }
}

function refusedByOwnRule(
  model: ServiceModel,
  operation: Operation,
  protocol: Protocol,
  input: Input,
): RefusedRequest | undefined {
  for (const rule of ownRulesOf(model.name, operation.name)) {
    const broken = rule(input);
    if (!broken) continue;
    if ("code" in broken) return refused(model, operation, protocol, broken, []);
    return refused(model, operation, protocol, refusalFor(model, operation, [broken]), [broken]);
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
  model: ServiceModel,
  operation: Operation,
  protocol: Protocol,
  refusal: Refusal,
  violations: readonly Violation[],
): RefusedRequest {
  return {
    service: model.title,
    operation: operation.name,
    refusal,
    violations,
    answer: answerOf(refusal, protocol, model),
  };
}
