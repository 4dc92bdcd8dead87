import os from "node:os";
import { CreateFunctionCommand, InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { zipOf } from "../../support/zip";
import { account, useEmulators } from "./emulators";

/** A function that takes 300 ms to start, and returns when that began and ended. */
const source = `
const began = Date.now();
while (Date.now() < began + 300);
const ended = Date.now();
exports.handler = async () => ({ began, ended });`;

describe("cold starts at the same time", () => {
  const emulators = useEmulators();

  const mostAtOnce = async (lambda: LambdaClient): Promise<number> => {
    const FunctionName = "gaps-starts";
    await lambda.send(
      new CreateFunctionCommand({
        FunctionName,
        Role: `arn:aws:iam::${account}:role/gaps`,
        Runtime: "nodejs22.x",
        Handler: "index.handler",
        Code: { ZipFile: zipOf("index.js", source) },
      }),
    );
    const starts = await Promise.all(
      Array.from({ length: 3 * os.cpus().length }, async () => {
        const { Payload } = await lambda.send(new InvokeCommand({ FunctionName }));
        return JSON.parse(Buffer.from(Payload ?? []).toString()) as { began: number; ended: number };
      }),
    );
    return Math.max(
      ...starts.map(
        ({ began }) => starts.filter((other) => other.began <= began && began < other.ended).length,
      ),
    );
  };

  it("are no more than there are processors", async () => {
    expect(await mostAtOnce(new LambdaClient(emulators.withGaps))).toBeLessThanOrEqual(os.cpus().length);
  });
});
