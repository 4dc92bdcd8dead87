import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { esbuildBundler } from "../../constructs/bundle";
import { FakeTable } from "../lambda-src/fake-table";
import { invokeBundle } from "./invoke-bundle";

/** A call to AWS as it went over the wire. */
export interface RecordedCall {
  /** For example `PutItem`. */
  readonly operation: string;
  readonly input: Readonly<Record<string, unknown>>;
}

/** Runs a function's real bundle in a process of its own, against a table and a bus that answer. @returns its calls */
export async function recordedCalls(
  entry: string,
  events: readonly unknown[],
  variables: Readonly<Record<string, string>>,
): Promise<readonly RecordedCall[]> {
  const calls: RecordedCall[] = [];
  const table = new FakeTable();
  const server = createServer(async (request, response) => {
    const body = Buffer.concat(await request.toArray()).toString();
    const operation = `${request.headers["x-amz-target"]}`.replace(/^.*\./, "");
    const call = { operation, input: JSON.parse(body) };
    calls.push(call);
    const [status, answer] =
      operation === "PutEvents"
        ? [200, { Entries: call.input.Entries.map(() => ({ EventId: "1" })), FailedEntryCount: 0 }]
        : await table.serve(call, () => {
            throw new Error("nothing was to fail");
          });
    response.writeHead(status, { "content-type": "application/x-amz-json-1.0" }).end(JSON.stringify(answer));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  try {
    await invokeBundle(esbuildBundler(entry), events, {
      ...variables,
      AWS_REGION: "eu-west-1",
      AWS_ACCESS_KEY_ID: "AKIDEXAMPLE",
      AWS_SECRET_ACCESS_KEY: "secret",
      AWS_ENDPOINT_URL: `http://127.0.0.1:${port}`,
    });
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
  return calls;
}
