import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { FakeTable } from "../lambda-src/fake-table";

/** A call as the SDK puts it on the wire. */
export interface WireCall {
  /** `DynamoDB_20120810.GetItem` */
  readonly target: string;
  readonly input: Readonly<Record<string, unknown>>;
}

/** An endpoint in AWS's place, with a table and a bus that work, that keeps every call. */
export class RecordingAws {
  readonly calls: WireCall[] = [];
  private readonly table = new FakeTable();

  private constructor(private readonly server: Server) {}

  static async start(): Promise<RecordingAws> {
    const server = createServer();
    const aws = new RecordingAws(server);
    server.on("request", async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const call = {
        target: `${request.headers["x-amz-target"]}`,
        input: JSON.parse(Buffer.concat(chunks).toString() || "{}"),
      };
      aws.calls.push(call);
      const [status, body] = await aws.answer(call);
      response.writeHead(status, { "content-type": "application/x-amz-json-1.0" }).end(JSON.stringify(body));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return aws;
  }

  get endpoint(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async answer({ target, input }: WireCall): Promise<readonly [status: number, body: object]> {
    if (target === "AWSEvents.PutEvents") {
      const entries = input.Entries as readonly unknown[];
      return [200, { FailedEntryCount: 0, Entries: entries.map((_, index) => ({ EventId: `${index}` })) }];
    }
    const [service, operation = ""] = target.split(".");
    if (service !== "DynamoDB_20120810") return [400, { __type: "UnknownOperationException" }];
    return this.table.serve({ operation, input }, () => {
      throw new Error("this table hangs up on nobody");
    });
  }
}
