import { SqsQueue } from "@cdktf/provider-aws/lib/sqs-queue";
import { TerraformOutput } from "cdktf";
import { synthesizeStack } from "./synthesize";

const twoQueues = () =>
  synthesizeStack((stack) => {
    const source = new SqsQueue(stack, "source", { name: "source" });
    const target = new SqsQueue(stack, "target", { name: source.name });
    new TerraformOutput(stack, "url", { value: target.url });
  });

describe("SynthesizedStack", () => {
  it("refuses a resource type that the provider does not have", () => {
    const stack = twoQueues();

    expect(() => stack.resources("aws_sqs_que")).toThrow(
      "aws_sqs_que is not a resource of an installed provider",
    );
  });

  it("refuses a data source's type when looking for a resource", () => {
    const stack = twoQueues();

    expect(() => stack.resources("aws_caller_identity")).toThrow("aws_caller_identity is not a resource");
    expect(stack.data("aws_caller_identity")).toEqual([]);
  });

  it("finds nothing of a type that the stack does not use", () => {
    const stack = twoQueues();

    expect(stack.resources("aws_s3_bucket")).toEqual([]);
  });

  it("reports how many it found, and where, if it should be one", () => {
    const stack = twoQueues();

    expect(() => stack.only("aws_sqs_queue")).toThrow(
      "test-stack: there should be one aws_sqs_queue, got 2: test-stack/source, test-stack/target",
    );
    expect(() => stack.only("aws_s3_bucket")).toThrow("there should be one aws_s3_bucket, got 0");
  });

  it("finds a resource by the end of its path", () => {
    const stack = twoQueues();

    const source = stack.at("aws_sqs_queue", "source");

    expect(source.attributes).toEqual({ name: "source" });
    expect(() => stack.at("aws_sqs_queue", "ource")).toThrow("got 0");
  });

  it("follows a reference to its resource", () => {
    const stack = twoQueues();

    const source = stack.follow(stack.at("aws_sqs_queue", "target").attributes.name);

    expect(source.path).toBe("test-stack/source");
    expect(source.ref("name")).toBe("${aws_sqs_queue.source.name}");
  });

  it("refuses to follow anything but a reference to a resource of the stack", () => {
    const stack = twoQueues();

    for (const value of ["source", "${aws_sqs_queue.gone.arn}", "${aws_sqs_queue.source.arn}/x", undefined]) {
      expect(() => stack.follow(value)).toThrow("does not refer to a block of this stack");
    }
  });

  it("refuses a section that does not exist", () => {
    const stack = twoQueues();

    expect(stack.section("output", "url")).toEqual({ value: "${aws_sqs_queue.target.url}" });
    expect(() => stack.section("terraform", "backend", "s3")).toThrow(
      "it has no section terraform.backend.s3",
    );
  });

  it("fails if the app's validations fail", () => {
    const build = () =>
      synthesizeStack((stack) => {
        stack.node.addValidation({ validate: () => ["a rule is broken"] });
      });

    expect(build).toThrow("a rule is broken");
  });
});
