import { environments } from "../../stacks/environments";
import { ConcreteStack } from "../least-privilege/concrete-stack";
import { callsOf, type FunctionId, functions } from "../least-privilege/run-function";
import { jsonRequest, refusalOf } from "../packages/laptop/service-models/requests";
import { serviceStack } from "../support/service-stacks";

const services: Readonly<Record<string, string>> = { AWSEvents: "events", DynamoDB_20120810: "dynamodb" };

describe("Every call of a function", () => {
  const [{ name }] = environments;

  it.each(Object.keys(functions) as FunctionId[])("follows AWS's service models: %s", async (id) => {
    const calls = await callsOf(id, new ConcreteStack(serviceStack(name).text));

    const checked = calls.map(({ target, input }) => {
      const [prefix = ""] = target.split(".");
      return refusalOf(jsonRequest(services[prefix] ?? prefix, target, input))?.refusal.message;
    });

    expect(checked.length).toBeGreaterThan(0);
    expect(checked.filter((message) => message !== undefined)).toEqual([]);
  });
});
