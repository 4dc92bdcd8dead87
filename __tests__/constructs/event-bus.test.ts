import { EventBus } from "../../constructs/event-bus";
import { serviceFunction } from "../support/service-function";
import { synthesizeStack } from "../support/synthesize";

describe("EventBus", () => {
  it("lets a function publish on it, and on no other", () => {
    const stack = synthesizeStack((testStack) => {
      const bus = new EventBus(testStack, "bus", { name: "items", description: "Changes of items" });
      bus.grantPublish(serviceFunction(testStack));
    });

    const bus = stack.only("aws_cloudwatch_event_bus");

    expect(bus.attributes).toEqual({ name: "shop-items-test", description: "Changes of items" });
    expect(stack.only("aws_iam_role_policy").parsed("policy")).toMatchObject({
      Statement: expect.arrayContaining([
        { Sid: "EventBus", Effect: "Allow", Action: "events:PutEvents", Resource: bus.ref("arn") },
      ]),
    });
  });
});
