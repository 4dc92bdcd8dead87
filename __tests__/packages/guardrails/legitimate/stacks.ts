import type { TerraformJson } from "../../../../packages/guardrails/stack-view";
import { add, both, type Edit } from "../edit";
import type { Legitimate } from "./legitimate";
import { queue } from "./parts";

const backend =
  (of: Readonly<Record<string, unknown>>): Edit =>
  (stack) => {
    Object.assign(stack, { terraform: of });
  };

/** Leaves nothing of the good stack but some of its sections. */
const only =
  (...sections: readonly string[]): Edit =>
  (stack) => {
    for (const name of Object.keys(stack)) {
      if (!sections.includes(name)) delete (stack as Record<string, unknown>)[name];
    }
  };

/** Where state is kept, and stacks that are empty, large, or full of what no rule knows. */
export const stackVariants: readonly Legitimate[] = [
  {
    variant: "state in HCP Terraform, by backend",
    parts: backend({ backend: { remote: { organization: "shop", workspaces: { name: "shop" } } } }),
  },
  {
    variant: "state in HCP Terraform, by cloud block",
    parts: backend({ cloud: { organization: "shop", workspaces: { name: "shop" } } }),
  },
  {
    variant: "state behind HTTP",
    parts: backend({ backend: { http: { address: "https://state.example.com/shop" } } }),
  },
  {
    variant: "state in S3, locked by a table",
    parts: backend({
      backend: {
        s3: { bucket: "state", key: "shop", region: "eu-west-1", encrypt: true, dynamodb_table: "locks" },
      },
    }),
  },
  {
    variant: "state in S3 with a prefix per workspace",
    parts: backend({
      backend: {
        s3: {
          bucket: "state",
          key: "shop",
          workspace_key_prefix: "workspaces",
          region: "eu-west-1",
          encrypt: true,
          use_lockfile: true,
        },
      },
    }),
  },
  {
    variant: "state in S3, encrypted with a key of one's own",
    parts: backend({
      backend: {
        s3: { bucket: "state", key: "shop", encrypt: true, kms_key_id: "alias/state", use_lockfile: "true" },
      },
    }),
  },
  { variant: "a stack without resources", parts: only("terraform", "provider") },
  { variant: "an empty stack", parts: only() },
  {
    variant: "a stack of data sources",
    parts: both(
      only("terraform", "provider"),
      add("data.aws_caller_identity", "me", {}),
      add("data.aws_region", "here", {}),
    ),
  },
  {
    variant: "resources that no rule knows",
    parts: both(
      add("aws_kinesis_video_stream", "v", { name: "v" }),
      add("google_storage_bucket", "g", { name: "g" }),
      add("aws_future_thing", "f", { anything: [{ nested: "${each.value}" }] }),
    ),
  },
  {
    variant: "200 queues whose names differ only at their end",
    parts: both(...Array.from({ length: 200 }, (_, index) => queue(`orders-${index}`))),
  },
  {
    variant: "modules, outputs, moved blocks and checks",
    parts: (stack: TerraformJson) => {
      Object.assign(stack, {
        module: { vpc: { source: "terraform-aws-modules/vpc/aws" } },
        output: { url: { value: "${aws_sqs_queue.jobs.url}" } },
        moved: [{ from: "aws_sqs_queue.old", to: "aws_sqs_queue.jobs" }],
        check: { up: { assert: [{ condition: "${true}", error_message: "down" }] } },
        removed: [{ from: "aws_sqs_queue.older", lifecycle: { destroy: false } }],
      });
    },
  },
];
