import { Construct } from "constructs";
import { bucketName, namingOf, physicalName, setNaming } from "../../constructs/naming";
import { synthesizeApp, synthesizeStack, testNaming, testStack } from "../support/synthesize";

describe("naming", () => {
  it("puts the application first and the environment last", () => {
    synthesizeStack((stack) => {
      expect(physicalName(stack, "items")).toBe("shop-items-test");
    });
  });

  it("puts the organization before a bucket's name", () => {
    synthesizeStack((stack) => {
      expect(bucketName(stack, "logs")).toBe("acme-shop-logs-test");
    });
  });

  it("holds for everything below the stack", () => {
    synthesizeStack((stack) => {
      const inner = new Construct(new Construct(stack, "outer"), "inner");

      expect(namingOf(inner)).toEqual(testNaming);
    });
  });

  it("keeps the stacks of one app apart", () => {
    const names: string[] = [];

    synthesizeApp((app) => {
      for (const environment of ["dev", "prod"]) {
        names.push(physicalName(testStack(app, environment, environment), "items"));
      }
    });

    expect(names).toEqual(["shop-items-dev", "shop-items-prod"]);
  });

  it("says what to call where no stack has set it", () => {
    const scope = new Construct(new Construct(undefined as never, ""), "orphan");

    expect(() => physicalName(scope, "items")).toThrow(
      "orphan: no naming is set; call setNaming(stack, …) in the stack first",
    );
  });

  it("refuses to be set after something is there, as that would be named otherwise", () => {
    synthesizeStack((stack) => {
      expect(() => setNaming(stack, testNaming)).toThrow("context after children have been added");
    });
  });
});
