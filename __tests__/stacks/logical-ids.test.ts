import { SqsQueue } from "@cdktf/provider-aws/lib/sqs-queue";
import { environments } from "../../stacks/environments";
import { accountStack } from "../support/account-stack";
import { compareAddresses } from "../support/compare-addresses";
import { serviceStacks } from "../support/service-stacks";
import { synthesizeStack } from "../support/synthesize";
import golden from "./logical-ids.json";

const queueNamed = (id: string) =>
  synthesizeStack((stack) => {
    new SqsQueue(stack, id, { name: "queue" });
  });

describe("logical ids", () => {
  it("are listed for exactly the stacks that exist", () => {
    const stacks = ["account", ...environments.map(({ name }) => name)];
    expect(Object.keys(golden)).toEqual(stacks.map((name) => `${name}-stack`));
  });

  it("are the deployed ones: changing one would destroy a resource", () => {
    const differences = [accountStack(), ...serviceStacks()].map((stack) =>
      compareAddresses(stack, golden[stack.name as keyof typeof golden]),
    );

    expect(differences.filter(Boolean).join("\n\n")).toBe("");
  });

  it("give no message if nothing changed", () => {
    const stack = queueNamed("orders");

    expect(compareAddresses(stack, ["aws_sqs_queue.orders"])).toBeUndefined();
  });

  it("give a message that lists what a rename would destroy and create", () => {
    const stack = queueNamed("renamed");

    const message = compareAddresses(stack, ["aws_sqs_queue.orders"]);

    expect(message).toContain("test-stack: the addresses of its resources differ from logical-ids.json");
    expect(message).toContain("would be destroyed: aws_sqs_queue.orders\n");
    expect(message).toContain("would be created:   aws_sqs_queue.renamed (test-stack/renamed)\n");
  });
});
