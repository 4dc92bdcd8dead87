import { EventBus } from "../../constructs/event-bus";
import { serviceFunction } from "../support/service-function";
import { synthesizeStack } from "../support/synthesize";

describe("EventBus", () => {
  it("lets a function publish to it, and to no other bus", () => {
    const stack = synthesizeStack((testStack) => {
      const bus = new EventBus(testStack, "bus", { name: "items", description: "Item changes" });
      bus.grantPublish(serviceFunction(testStack));
    });

    const bus = stack.only("aws_cloudwatch_event_bus");

    expect(bus.attributes).toEqual({ name: "shop-items-test", description: "Item changes" });
    expect(stack.only("aws_iam_role_policy").parsed("policy")).toMatchObject({
      Statement: expect.arrayContaining([
        { Sid: "EventBus", Effect: "Allow", Action: "events:PutEvents", Resource: bus.ref("arn") },
      ]),
    });
  });
});
