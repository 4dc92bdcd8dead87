import { LoopbackServer } from "../support/loopback-server";
import { type Fault as FakeFault, FakeTable, failure, type TableCall } from "./fake-table";

/** The fake table's faults, plus silence, half a response, or a refusal that asks the client to wait. */
export type Fault =
  | FakeFault
  | "hang"
  | "hang in body"
  | { readonly error: string; readonly retryAfterSeconds: number };

/** Serves the fake table over DynamoDB's protocol on its own port, for tests that need a real connection. */
export class StubTable {
  readonly table = new FakeTable();
  /** Called for every call. `undefined` lets it through. */
  fault: (call: TableCall, callNumber: number) => Fault | undefined = () => undefined;

  private server: LoopbackServer | undefined;

  static async start(): Promise<StubTable> {
    const stub = new StubTable();
    stub.server = await LoopbackServer.start(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const operation = `${request.headers["x-amz-target"]}`.replace(/^.*\./, "");
      const call = { operation, input: JSON.parse(Buffer.concat(chunks).toString()) };
      const fault = stub.fault(call, stub.calls.length + 1);
      const headers = { "content-type": "application/x-amz-json-1.0" };
      if (fault === "hang" || fault === "hang in body") {
        stub.calls.push(call);
        if (fault === "hang in body") response.writeHead(200, headers).write("{");
        return;
      }
      if (typeof fault === "object" && "retryAfterSeconds" in fault) {
        stub.calls.push(call);
        response.setHeader("retry-after", fault.retryAfterSeconds);
        return void response.writeHead(400, headers).end(JSON.stringify(failure(fault.error)[1]));
      }
      stub.table.fault = () => fault;
      try {
        const [status, body] = await stub.table.serve(call, () => {
          throw new Error("hang up");
        });
        response.writeHead(status, headers).end(JSON.stringify(body));
      } catch {
        response.destroy();
      }
    });
    return stub;
  }

  get calls(): TableCall[] {
    return this.table.calls;
  }

  get rows() {
    return this.table.rows;
  }

  get endpoint(): string {
    return this.server?.endpoint ?? "";
  }

  async stop(): Promise<void> {
    await this.server?.stop();
  }
}
