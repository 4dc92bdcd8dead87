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

  it("applies to everything in the stack", () => {
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

  it("says what to call if no stack has set it", () => {
    const scope = new Construct(new Construct(undefined as never, ""), "orphan");

    expect(() => physicalName(scope, "items")).toThrow(
      "orphan: naming is not set; call setNaming(stack, …) in the stack first",
    );
  });

  it("refuses to be set after a construct was added, which would have another name", () => {
    synthesizeStack((stack) => {
      expect(() => setNaming(stack, testNaming)).toThrow("context after children have been added");
    });
  });
});
