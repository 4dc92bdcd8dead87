import { asPlannedFindings } from "../../../scripts/drift/as-planned";
import type { TerraformState } from "../../../scripts/lib/terraform-state";

type Resource = TerraformState["resources"][number];
type Instance = Resource["instances"][number];

const resource = (
  type: string,
  name: string,
  attributes: Instance["attributes"],
  rest: Partial<Instance> = {},
): Resource => ({ mode: "managed", type, name, instances: [{ attributes, ...rest }] });

const stateOf = (...resources: readonly Resource[]): TerraformState => ({
  lineage: "lineage",
  serial: 1,
  resources,
  outputs: {},
});

const judge = (
  before: TerraformState,
  after: TerraformState,
  unread: ReadonlyMap<string, string> = new Map(),
) => asPlannedFindings(before, { state: after, unread }, (address) => `path-of-${address.split(".")[1]}`);

describe("asPlannedFindings", () => {
  it("says how much it compared if everything is as planned", () => {
    const state = stateOf(resource("aws_sqs_queue", "queue", { name: "q", url: "u" }));

    expect(judge(state, state)).toEqual([
      {
        check: "as-planned/resources",
        verdict: "passed",
        detail: "1 resources with 2 attributes are as Terraform's state has them",
      },
    ]);
  });

  it("names the resource, the attribute, what it is and what it should be, once per attribute", () => {
    const findings = judge(
      stateOf(resource("aws_sqs_queue", "queue", { retention: 14, delay: 0, name: "q" })),
      stateOf(resource("aws_sqs_queue", "queue", { retention: 1, delay: 9, name: "q" })),
    );

    expect(findings).toEqual([
      {
        check: "as-planned/path-of-queue",
        verdict: "failed",
        detail: "retention is 1, not 14",
        address: "aws_sqs_queue.queue",
        attribute: "retention",
      },
      expect.objectContaining({ attribute: "delay", detail: "delay is 9, not 0" }),
    ]);
  });

  it("names what is gone, with what went with it, and still everything else", () => {
    const before = stateOf(
      resource("aws_sqs_queue", "queue", { id: "url", name: "q" }),
      resource(
        "aws_sqs_queue_policy",
        "policy",
        { id: "url", queue_url: "url", policy: "p" },
        { dependencies: ["aws_sqs_queue.queue"] },
      ),
      resource("aws_sns_topic", "topic", { name: "t" }),
    );

    const findings = judge(before, stateOf(resource("aws_sns_topic", "topic", { name: "other" })));

    expect(findings.map(({ check, detail }) => `${check}: ${detail}`)).toEqual([
      "as-planned/path-of-queue: it is gone, and with it path-of-policy",
      "as-planned/path-of-topic: name is other, not t",
    ]);
  });

  it("names what is gone by itself although it depends on something else that is gone", () => {
    const dependencies = ["aws_s3_bucket.bucket", "aws_s3_bucket_public_access_block.access"];
    const bucket = resource("aws_s3_bucket", "bucket", { id: "b" });
    const before = stateOf(
      bucket,
      resource(
        "aws_s3_bucket_public_access_block",
        "access",
        { id: "b", bucket: "b" },
        { dependencies: ["aws_s3_bucket.bucket"] },
      ),
      resource("aws_s3_bucket_policy", "policy", { id: "b", bucket: "b" }, { dependencies }),
      resource("aws_cloudwatch_metric_alarm", "alarm", { id: "a" }, { dependencies }),
    );

    const findings = judge(before, stateOf(bucket));

    expect(findings.map(({ check, detail }) => `${check}: ${detail}`)).toEqual([
      "as-planned/path-of-access: it is gone",
      "as-planned/path-of-policy: it is gone",
      "as-planned/path-of-alarm: it is gone",
    ]);
  });

  it("names the parts of what is gone, and their parts, with the whole", () => {
    const before = stateOf(
      resource("aws_api_gateway_rest_api", "api", { id: "1" }),
      resource(
        "aws_api_gateway_resource",
        "items",
        { id: "2", rest_api_id: "1" },
        { dependencies: ["aws_api_gateway_rest_api.api"] },
      ),
      resource(
        "aws_api_gateway_method",
        "get",
        { id: "3", resource_id: "2" },
        { dependencies: ["aws_api_gateway_resource.items", "aws_api_gateway_rest_api.api"] },
      ),
    );

    const findings = judge(before, stateOf());

    expect(findings.map(({ check, detail }) => `${check}: ${detail}`)).toEqual([
      "as-planned/path-of-api: it is gone, and with it path-of-items, path-of-get",
    ]);
  });

  it("does not call gone what it could not read", () => {
    const before = stateOf(resource("aws_sqs_queue", "queue", { name: "q" }));

    const findings = judge(before, stateOf(), new Map([["aws_sqs_queue.queue", "AccessDenied"]]));

    expect(findings).toEqual([
      expect.objectContaining({ verdict: "unchecked", detail: "Terraform could not read it: AccessDenied" }),
    ]);
  });

  it.each<[string, Resource, Resource]>([
    [
      "a function's variables",
      resource("aws_lambda_function", "one", { environment: [{ variables: { KEY: "secret-1" } }] }),
      resource("aws_lambda_function", "one", { environment: [{ variables: { KEY: "secret-2" } }] }),
    ],
    [
      "an encrypted parameter",
      resource(
        "aws_ssm_parameter",
        "one",
        { type: "SecureString", value: "secret-1" },
        { sensitive_attributes: [[{ value: "value" }]] },
      ),
      resource("aws_ssm_parameter", "one", { type: "SecureString", value: "secret-2" }),
    ],
  ])("names %s without showing them", (_, before, after) => {
    const text = JSON.stringify(judge(stateOf(before), stateOf(after)));

    expect(text).toContain('"verdict":"failed"');
    expect(text).not.toMatch(/secret-\d/);
  });

  it.each<[string, Resource[], Resource[]]>([
    [
      "a policy that another resource set after the bucket was created",
      [
        resource("aws_s3_bucket", "b", { id: "b", policy: "" }),
        resource("aws_s3_bucket_policy", "p", { bucket: "b", policy: "{}" }),
      ],
      [
        resource("aws_s3_bucket", "b", { id: "b", policy: "{}" }),
        resource("aws_s3_bucket_policy", "p", { bucket: "b", policy: "{}" }),
      ],
    ],
    [
      "tags that the provider adds to every resource",
      [resource("aws_sqs_queue", "q", { tags: null, tags_all: { a: "1" } })],
      [resource("aws_sqs_queue", "q", { tags: { a: "1" }, tags_all: { a: "1" } })],
    ],
    [
      "what was turned on and off again by hand",
      [
        resource("aws_s3_bucket", "b", { acceleration_status: "" }),
        resource("aws_dynamodb_table", "t", { on_demand_throughput: [], server_side_encryption: [] }),
      ],
      [
        resource("aws_s3_bucket", "b", { acceleration_status: "Suspended" }),
        resource("aws_dynamodb_table", "t", {
          on_demand_throughput: [{ max_read_request_units: -1, max_write_request_units: -1 }],
          server_side_encryption: [{ enabled: false, kms_key_arn: "k" }],
        }),
      ],
    ],
    [
      "a parameter that another resource has overwritten since",
      [
        resource("aws_ssm_parameter", "before", { arn: "eu:/p", insecure_value: "old", overwrite: null }),
        resource("aws_ssm_parameter", "after", { arn: "eu:/p", insecure_value: "new", overwrite: true }),
      ],
      [
        resource("aws_ssm_parameter", "before", { arn: "eu:/p", insecure_value: "new", overwrite: null }),
        resource("aws_ssm_parameter", "after", { arn: "eu:/p", insecure_value: "new", overwrite: true }),
      ],
    ],
    [
      "the time of a function's last update",
      [resource("aws_lambda_function", "f", { last_modified: "1" })],
      [resource("aws_lambda_function", "f", { last_modified: "2" })],
    ],
  ])("does not report %s", (_, before, after) => {
    expect(judge(stateOf(...before), stateOf(...after)).map(({ verdict }) => verdict)).toEqual(["passed"]);
  });

  it("reports a bucket's policy that no other resource sets", () => {
    const findings = judge(
      stateOf(resource("aws_s3_bucket", "b", { id: "b", policy: "" })),
      stateOf(resource("aws_s3_bucket", "b", { id: "b", policy: '{"Statement":[]}' })),
    );

    expect(findings).toEqual([expect.objectContaining({ verdict: "failed", attribute: "policy" })]);
  });

  it.each<[string, Resource[], Resource[]]>([
    [
      "a changed parameter that no resource overwrites",
      [resource("aws_ssm_parameter", "p", { arn: "eu:/p", value: "old", overwrite: null })],
      [resource("aws_ssm_parameter", "p", { arn: "eu:/p", value: "new", overwrite: null })],
    ],
    [
      "a changed parameter whose namesake in another Region a resource overwrites",
      [
        resource("aws_ssm_parameter", "here", { arn: "eu:/p", value: "old", overwrite: null }),
        resource("aws_ssm_parameter", "there", { arn: "us:/p", value: "other", overwrite: true }),
      ],
      [
        resource("aws_ssm_parameter", "here", { arn: "eu:/p", value: "new", overwrite: null }),
        resource("aws_ssm_parameter", "there", { arn: "us:/p", value: "other", overwrite: true }),
      ],
    ],
    [
      "a parameter that somebody changed after it was overwritten",
      [
        resource("aws_ssm_parameter", "before", { arn: "eu:/p", value: "old", overwrite: null }),
        resource("aws_ssm_parameter", "after", { arn: "eu:/p", value: "new", overwrite: true }),
      ],
      [
        resource("aws_ssm_parameter", "before", { arn: "eu:/p", value: "hand", overwrite: null }),
        resource("aws_ssm_parameter", "after", { arn: "eu:/p", value: "hand", overwrite: true }),
      ],
    ],
  ])("reports %s once", (_, before, after) => {
    const findings = judge(stateOf(...before), stateOf(...after));

    expect(findings).toEqual([expect.objectContaining({ verdict: "failed", attribute: "value" })]);
  });
});
