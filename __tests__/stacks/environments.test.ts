import { environments, previews } from "../../stacks/environments";
import { namesTooLong, physicalNames } from "../support/physical-names";
import { serviceStacks } from "../support/service-stacks";

describe("environments", () => {
  it("are dev, staging and prod", () => {
    expect(environments.map(({ name }) => name)).toEqual(["dev", "staging", "prod"]);
  });

  it("protect all data from deletion, except in dev", () => {
    const unprotected = environments.filter(({ deletionProtection }) => !deletionProtection);

    expect(unprotected.map(({ name }) => name)).toEqual(["dev"]);
  });

  it("share no physical name", () => {
    const names = serviceStacks().flatMap((stack) => [...new Set(physicalNames(stack))]);

    expect(names).toHaveLength(new Set(names).size);
  });

  it("have names that every service accepts, even for a preview with the longest name and every switch on", () => {
    const [preview] = previews("p".repeat(20)).map((environment) => ({
      ...environment,
      customerKey: true,
      webAcl: true,
      budget: { monthlyUsd: 50, email: "ops@example.com" },
    }));
    const [stack] = serviceStacks(preview ? [preview] : []);

    const names = stack ? physicalNames(stack) : [];

    expect(names.length).toBeGreaterThan(30);
    expect(names.filter((name) => !name.includes("p".repeat(20)))).toEqual([]);
    expect(stack && namesTooLong(stack)).toEqual([]);
  });

  it("include a preview only if one is named", () => {
    expect(previews("")).toEqual([]);
    expect(previews("pr-42")).toEqual([{ ...environments[0], name: "pr-42" }]);
  });

  it("leave their domain out of a preview, because one environment alone can have it", () => {
    const certificateArn = "arn:aws:acm:eu-west-1:111122223333:certificate/a";
    const withDomain = { ...environments[0], domain: { name: "api.example.com", certificateArn } };

    expect(previews("pr-42", withDomain)).toEqual([{ ...environments[0], name: "pr-42" }]);
  });

  it("are checked without loading cdktf, which takes a second and which few commands need", async () => {
    await jest.isolateModulesAsync(async () => {
      jest.doMock("cdktf", () => {
        throw new Error("cdktf was loaded");
      });
      await expect(import("../../stacks/environments")).resolves.toHaveProperty("environments");
    });
    jest.dontMock("cdktf");
  });

  it("share no key in the state bucket", () => {
    const keys = serviceStacks().map((stack) => stack.section("terraform", "backend", "s3").key);

    expect(new Set(keys).size).toBe(environments.length);
  });

  it("do not mention each other's names", () => {
    const stacks = serviceStacks();

    for (const stack of stacks) {
      const others = stacks.filter((other) => other !== stack).flatMap(physicalNames);
      expect(others.filter((name) => stack.text.includes(name))).toEqual([]);
    }
  });

  it("change no byte of the others when one changes", () => {
    const before = serviceStacks();

    const after = serviceStacks(
      environments.map((environment) =>
        environment.name === "staging"
          ? { ...environment, region: "us-east-1", logLevel: "ERROR" }
          : environment,
      ),
    );

    const changed = after.filter((stack, index) => stack.text !== before[index]?.text);
    expect(changed.map(({ name }) => name)).toEqual(["staging-stack"]);
  });
});

describe("the state bucket", () => {
  it("is named after organization and application by default", async () => {
    const backend = await stateBackendWith({});

    expect(backend).toEqual({ bucket: "example-serverless-app-terraform-state", region: "eu-west-1" });
  });

  it("is the one in STATE_BUCKET and STATE_BUCKET_REGION", async () => {
    const backend = await stateBackendWith({ STATE_BUCKET: "ours", STATE_BUCKET_REGION: "us-east-1" });

    expect(backend).toEqual({ bucket: "ours", region: "us-east-1" });
  });

  it("is the default if the variables are empty, as an unset variable in a pipeline can be", async () => {
    const backend = await stateBackendWith({ STATE_BUCKET: "", STATE_BUCKET_REGION: "" });

    expect(backend).toEqual({ bucket: "example-serverless-app-terraform-state", region: "eu-west-1" });
  });
});

/** The state backend as a process with these variables reads it. */
async function stateBackendWith(variables: { STATE_BUCKET?: string; STATE_BUCKET_REGION?: string }) {
  const { STATE_BUCKET: _, STATE_BUCKET_REGION: __, ...others } = process.env;
  const environment = jest.replaceProperty(process, "env", { ...others, ...variables });
  try {
    let configuration: typeof import("../../stacks/environments") | undefined;
    await jest.isolateModulesAsync(async () => {
      configuration = await import("../../stacks/environments");
    });
    return configuration?.environments[0].account.stateBackend;
  } finally {
    environment.restore();
  }
}
