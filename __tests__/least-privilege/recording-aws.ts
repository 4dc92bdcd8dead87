import { FakeTable } from "../lambda-src/fake-table";
import { LoopbackServer } from "../support/loopback-server";

/** A call as the SDK sends it. */
export interface WireCall {
  /** `DynamoDB_20120810.GetItem` */
  readonly target: string;
  readonly input: Readonly<Record<string, unknown>>;
}

/** A stand-in for AWS's endpoint, with a working table and event bus, that records every call. */
export class RecordingAws {
  readonly calls: WireCall[] = [];
  private readonly table = new FakeTable();
  private server: LoopbackServer | undefined;

  static async start(): Promise<RecordingAws> {
    const aws = new RecordingAws();
    aws.server = await LoopbackServer.start(async (request, response) => {
      const call = {
        target: `${request.headers["x-amz-target"]}`,
        input: JSON.parse(Buffer.concat(await request.toArray()).toString() || "{}"),
      };
      aws.calls.push(call);
      const [status, body] = await aws.answer(call);
      response.writeHead(status, { "content-type": "application/x-amz-json-1.0" }).end(JSON.stringify(body));
    });
    return aws;
  }

  get endpoint(): string {
    return this.server?.endpoint ?? "";
  }

  async stop(): Promise<void> {
    await this.server?.stop();
  }

  private async answer({ target, input }: WireCall): Promise<readonly [status: number, body: object]> {
    if (target === "AWSEvents.PutEvents") {
      const entries = input.Entries as readonly unknown[];
      return [200, { FailedEntryCount: 0, Entries: entries.map((_, index) => ({ EventId: `${index}` })) }];
    }
    const [service, operation = ""] = target.split(".");
    if (service !== "DynamoDB_20120810") return [400, { __type: "UnknownOperationException" }];
    return this.table.serve({ operation, input }, () => {
      throw new Error("this table never drops a connection");
    });
  }
}
