import { setTimeout as wait } from "node:timers/promises";
import type { APIGatewayProxyEvent } from "aws-lambda";
import { apiHandler } from "../../../lambda-src/api/api-handler";
import type { ApiResponse } from "../../../lambda-src/api/api-response";
import type { Operation } from "../../../lambda-src/api/operation";
import { type OperationId, operations } from "../../../lambda-src/api/operations";
import { ItemRepository } from "../../../lambda-src/items/item-repository";
import type { CountName } from "../../../lambda-src/runtime/metric-names";
import { Telemetry } from "../../../lambda-src/runtime/telemetry";
import { apiEvent, context } from "../../support/api-event";
import { FakeTable } from "../fake-table";

export interface Call {
  readonly path?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  /** A string is sent unchanged, anything else as JSON. */
  readonly body?: unknown;
  readonly changes?: Partial<APIGatewayProxyEvent>;
}

/** Keeps counts for the test and writes nothing. */
class CountingTelemetry extends Telemetry {
  constructor(private readonly counted: Record<string, number>) {
    super({
      service: "api",
      metricsNamespace: "Shop",
      application: "shop",
      environment: "test",
      daemonAddress: undefined,
    });
    this.logger.setLogLevel("SILENT");
  }

  override begin(): void {}

  override count(name: CountName, times = 1): void {
    this.counted[name] = (this.counted[name] ?? 0) + times;
  }
}

/** The API on an in-memory table, called by operation. */
export class Api {
  readonly table = new FakeTable();
  readonly counted: Record<string, number> = {};
  /** The clock's time, in milliseconds since 1970. */
  now = 1_700_000_000_000;
  private readonly telemetry = new CountingTelemetry(this.counted);
  private readonly handler: ReturnType<typeof apiHandler>;

  /**
   * @param client "sdk" is the real client without a network; "direct" is fast enough for thousands of
   *   requests
   */
  constructor(client: "sdk" | "direct" = "sdk", allowedOrigin?: string) {
    this.handler = apiHandler({
      items: new ItemRepository(client === "sdk" ? this.table.client() : this.table.direct(), "items"),
      telemetry: this.telemetry,
      allowedOrigin,
      clock: () => this.now,
    });
  }

  ask(id: OperationId, call: Call = {}): Promise<ApiResponse> {
    return this.handler(requestOf(id, call), context());
  }
}

/**
 * Makes the first calls to the table take a second, of which some passes before they reach it: those of as many
 * requests, if all are sent at once.
 */
export const slowFirstCalls = ({ table }: Api, calls: number, beforeMs = 500): void => {
  const serve = table.serve.bind(table);
  let made = 0;
  jest.spyOn(table, "serve").mockImplementation(async (...call) => {
    made += 1;
    if (made > calls) return serve(...call);
    await wait(beforeMs);
    const answered = await serve(...call);
    await wait(1_000 - beforeMs);
    return answered;
  });
};

/** The event that API Gateway creates for a call. */
export const requestOf = (
  id: OperationId,
  { path = {}, query, headers, body, changes = {} }: Call,
): APIGatewayProxyEvent => {
  const { route }: Operation = operations[id];
  const [httpMethod = "", resource = ""] = route.split(" ");
  return apiEvent({
    httpMethod,
    resource,
    path: resource.replace(/\{(\w+)\}/g, (_, name) => path[name] ?? ""),
    pathParameters: { ...path },
    queryStringParameters: query === undefined ? null : { ...query },
    headers: { Accept: "application/json", ...headers },
    body: body === undefined || typeof body === "string" ? (body ?? null) : JSON.stringify(body),
    ...changes,
  });
};

export const json = ({ body }: ApiResponse) => JSON.parse(body);

/** The status and, for a problem, its kind: `409 item-exists`. */
export const outcome = (response: ApiResponse): string => {
  const { type = "" } = response.body === "" ? {} : json(response);
  const kind = `${type}`.replace("urn:problem-type:", "");
  return response.headers["content-type"] === "application/problem+json"
    ? `${response.statusCode} ${kind}`
    : `${response.statusCode}`;
};
