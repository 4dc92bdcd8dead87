import { readFileSync } from "node:fs";
import { SqsQueue } from "@cdktf/provider-aws/lib/sqs-queue";
import { accountStack } from "../support/account-stack";
import { compareAddresses } from "../support/compare-addresses";
import { expectGenerated } from "../support/generated";
import { serviceStacks } from "../support/service-stacks";
import { synthesizeStack } from "../support/synthesize";

const file = "__tests__/stacks/logical-ids.json";

const queueNamed = (id: string) =>
  synthesizeStack((stack) => {
    new SqsQueue(stack, id, { name: "queue" });
  });

describe("logical ids", () => {
  it("are the deployed ones: changing one would destroy a resource", () => {
    const stacks = [accountStack(), ...serviceStacks()];
    const golden: Readonly<Record<string, readonly string[]>> = JSON.parse(readFileSync(file, "utf8"));
    const addresses = stacks
      .map(({ name, blocks }) => [name, blocks.map(({ address }) => address).sort()])
      .sort();

    expectGenerated(file, `${JSON.stringify(Object.fromEntries(addresses), undefined, 2)}\n`, () =>
      stacks
        .map((stack) => compareAddresses(stack, golden[stack.name] ?? []))
        .filter(Boolean)
        .join("\n\n"),
    );
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
