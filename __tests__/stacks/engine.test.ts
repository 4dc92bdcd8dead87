import { SqsQueue } from "@cdktf/provider-aws/lib/sqs-queue";
import { TerraformResource } from "cdktf";
import { name, version } from "cdktf/package.json";
import { Construct } from "constructs";
import { engine } from "../support/engine";
import { synthesizeStack } from "../support/synthesize";

describe("the engine", () => {
  it("is the one this run is for", () => {
    expect({ name, version }).toEqual(engine.library);
  });

  it("is loaded once, so a provider's resources are instances of the library's classes", () => {
    let queue: unknown;

    synthesizeStack((stack) => {
      queue = new SqsQueue(stack, "queue", { name: "queue" });
    });

    expect(queue).toBeInstanceOf(TerraformResource);
    expect(queue).toBeInstanceOf(Construct);
  });
});
