import { SqsQueue } from "@cdktf/provider-aws/lib/sqs-queue";
import { TerraformResource } from "cdktf";
import { name, version } from "cdktf/package.json";
import { Construct } from "constructs";
import { engine } from "../support/engine";
import { synthesizeStack } from "../support/synthesize";

describe("the engine", () => {
  it("is the one that this run is for", () => {
    expect({ name, version }).toEqual(engine.library);
  });

  it("is loaded once, so that what a provider makes is an instance of the library's classes", () => {
    let queue: unknown;

    synthesizeStack((stack) => {
      queue = new SqsQueue(stack, "queue", { name: "queue" });
    });

    expect(queue).toBeInstanceOf(TerraformResource);
    expect(queue).toBeInstanceOf(Construct);
  });
});
