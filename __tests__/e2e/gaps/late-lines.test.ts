import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { CreateFunctionCommand, InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { venvPython } from "../../../packages/laptop/set-up/tools";
import { zipOf } from "../../support/zip";
import { account, useEmulators } from "./emulators";

describe("a function's log", () => {
  const emulators = useEmulators();

  it("is read by MiniStack for only 50 ms", async () => {
    const program =
      "from ministack.core.lambda_runtime import Worker; print(Worker._drain_stderr_bounded.__defaults__)";
    const { stdout } = await promisify(execFile)(venvPython, ["-c", program]);

    if (!stdout.includes("(0.05, 0.005, 0.25)"))
      throw new Error("MiniStack now waits for log lines itself: remove late_lines.py");
  });

  it("keeps a late line with its own invocation", async () => {
    const source = `exports.handler = async () => void setTimeout(() => console.log("read late"), 120);`;
    const lambda = new LambdaClient(emulators.withGaps);
    await lambda.send(
      new CreateFunctionCommand({
        FunctionName: "gaps-late",
        Role: `arn:aws:iam::${account}:role/gaps`,
        Runtime: "nodejs22.x",
        Handler: "index.handler",
        Code: { ZipFile: zipOf("index.js", source) },
      }),
    );

    const { LogResult = "" } = await lambda.send(
      new InvokeCommand({ FunctionName: "gaps-late", LogType: "Tail" }),
    );

    expect(Buffer.from(LogResult, "base64").toString()).toContain("read late");
  });
});
