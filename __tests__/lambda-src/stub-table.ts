import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { createDocuments } from "../../lambda-src/runtime/documents";

type AttributeValue = Record<string, unknown>;
type Row = Record<string, AttributeValue>;

export interface TableCall {
  readonly operation: string;
  readonly input: {
    readonly Item?: Row;
    readonly ExpressionAttributeValues?: Row;
    readonly [name: string]: unknown;
  };
}

/** What the stub does with a call: an error by name, silence, half an answer, or the write without the answer. */
export type Fault =
  | { readonly error: string; readonly message?: string; readonly retryAfterSeconds?: number }
  | "hang"
  | "hang in body"
  | "lose answer";

/** DynamoDB's wire for PutItem and Query on one table, in memory, on a port of its own. */
export class StubTable {
  readonly calls: TableCall[] = [];
  readonly rows = new Map<string, Row>();
  /** Asked at each call; `undefined` lets it through. */
  fault: (call: TableCall, callNumber: number) => Fault | undefined = () => undefined;

  private constructor(private readonly server: Server) {}

  static async start(): Promise<StubTable> {
    const server = createServer();
    const table = new StubTable(server);
    server.on("request", async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const operation = `${request.headers["x-amz-target"]}`.replace(/^.*\./, "");
      const call = { operation, input: JSON.parse(Buffer.concat(chunks).toString()) };
      table.calls.push(call);
      const fault = table.fault(call, table.calls.length);
      const headers = { "content-type": "application/x-amz-json-1.0" };
      if (fault === "hang") return;
      if (fault === "hang in body") return void response.writeHead(200, headers).write("{");
      const [status, body] =
        typeof fault === "object" ? failure(fault.error, fault.message) : table.answer(call);
      if (fault === "lose answer") return void response.destroy();
      if (typeof fault === "object" && fault.retryAfterSeconds !== undefined) {
        response.setHeader("retry-after", fault.retryAfterSeconds);
      }
      response.writeHead(status, headers).end(JSON.stringify(body));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return table;
  }

  get endpoint(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  documents() {
    const credentials = { accessKeyId: "test", secretAccessKey: "test" };
    return createDocuments({ endpoint: this.endpoint, region: "eu-west-1", credentials });
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    if (this.server.listening) await new Promise((resolve) => this.server.close(resolve));
  }

  private answer({ operation, input }: TableCall): [number, unknown] {
    if (operation === "PutItem") return this.put(input.Item ?? {}, input.ConditionExpression);
    if (operation === "Query") return [200, { Items: this.query(input) }];
    return failure("UnknownOperationException");
  }

  private put(item: Row, condition: unknown): [number, unknown] {
    const key = `${item.id?.S}\n${item.timestamp?.N}`;
    if (condition === "attribute_not_exists(id)" && this.rows.has(key)) {
      return failure("ConditionalCheckFailedException");
    }
    this.rows.set(key, item);
    return [200, {}];
  }

  private query({
    ExpressionAttributeValues: values = {},
    ScanIndexForward,
    Limit,
  }: TableCall["input"]): Row[] {
    const direction = ScanIndexForward === false ? -1 : 1;
    return [...this.rows.values()]
      .filter((row) => row.id?.S === values[":id"]?.S)
      .filter((row) => values[":timestamp"] === undefined || row.timestamp?.N === values[":timestamp"].N)
      .sort((a, b) => direction * (Number(a.timestamp?.N) - Number(b.timestamp?.N)))
      .slice(0, Limit as number | undefined);
  }
}

const failure = (name: string, message = `${name} of the stub`): [number, unknown] => [
  name === "InternalServerError" ? 500 : 400,
  { __type: `com.amazonaws.dynamodb.v20120810#${name}`, message },
];
