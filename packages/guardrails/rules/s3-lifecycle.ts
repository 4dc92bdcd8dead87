import { each, type Rule } from "../rule";
import type { Attributes } from "../stack-view";
import { bucketType, partsOf } from "./s3";

export const s3LifecycleRules: readonly Rule[] = [
  {
    id: "s3-lifecycle-acts",
    group: "s3",
    demands: "A lifecycle rule is enabled and does something",
    why: "AWS rejects a rule without an action. A disabled rule keeps objects that everyone believes are deleted.",
    fix: 'Set status "Enabled" and an expiration, a transition or abortIncompleteMultipartUpload.',
    mirrors: [],
    check: each("aws_s3_bucket_lifecycle_configuration", (configuration) =>
      configuration.blocks("rule").flatMap((rule) => {
        if (rule.status !== "Enabled" && !`${rule.status}`.includes("${"))
          return [`rule ${rule.id} has status ${rule.status ?? "absent"}`];
        return lifecycleActions.some((action) => rule[action] !== undefined)
          ? []
          : [`rule ${rule.id} has no action`];
      }),
    ),
  },
  {
    id: "s3-lifecycle-conflict",
    group: "s3",
    demands: "Lifecycle rules do not contradict each other",
    why: "AWS rejects rules that share an id. An object that expires before its transition never moves.",
    fix: "Give each rule its own id, put transitions before the expiration, and put expiredObjectDeleteMarker in a rule without days.",
    mirrors: [],
    check: each("aws_s3_bucket_lifecycle_configuration", (configuration) => {
      const rules = configuration.blocks("rule");
      const ids = rules.map(({ id }) => `${id}`);
      const repeated = ids.filter((id, index) => ids.indexOf(id) !== index);
      return [
        ...repeated.map((id) => `two rules have the id ${id}`),
        ...rules.flatMap((rule) => {
          const days = numberIn(rule.expiration, "days");
          const moves = listOf(rule.transition).map((transition) => numberIn(transition, "days") ?? 0);
          const marker = firstOf(rule.expiration)?.expired_object_delete_marker;
          return [
            ...(days !== undefined && moves.some((move) => move >= days)
              ? [
                  `rule ${rule.id} expires objects after ${days} days but moves them after ${Math.max(...moves)}`,
                ]
              : []),
            ...(marker === true && days !== undefined
              ? [`rule ${rule.id} has both days and expired_object_delete_marker`]
              : []),
            ...(days !== undefined && days < 1 ? [`rule ${rule.id} expires objects after ${days} days`] : []),
          ];
        }),
      ];
    }),
  },
  {
    id: "s3-lifecycle-old-versions",
    group: "s3",
    demands: "If objects of a versioned bucket expire, their noncurrent versions do too",
    why: "An “expired” object becomes a noncurrent version, which is stored and billed forever.",
    fix: "Add noncurrentVersionExpiration to a rule.",
    mirrors: [],
    check: each("aws_s3_bucket_lifecycle_configuration", (configuration) => {
      const bucket = configuration.follow("bucket", bucketType);
      const versioned = bucket && partsOf(bucket, "aws_s3_bucket_versioning").length > 0;
      const rules = configuration.blocks("rule").filter(({ status }) => status === "Enabled");
      const expires = rules.some((rule) => numberIn(rule.expiration, "days") !== undefined);
      return (
        versioned &&
        expires &&
        !rules.some((rule) => rule.noncurrent_version_expiration) &&
        "no rule has noncurrent_version_expiration"
      );
    }),
  },
  {
    id: "s3-lifecycle-uploads",
    group: "s3",
    demands: "A lifecycle configuration aborts incomplete multipart uploads",
    why: "Parts of uploads that were never completed are not listed, but are billed forever.",
    fix: "Add abortIncompleteMultipartUpload to a rule without a filter.",
    mirrors: ["CKV_AWS_300"],
    check: each("aws_s3_bucket_lifecycle_configuration", (configuration) => {
      const rules = configuration.blocks("rule").filter(mayBeEnabled);
      return (
        rules.length > 0 &&
        ![configuration.raw("rule")].flat().some((rule) => typeof rule === "string") &&
        !rules.some((rule) => rule.abort_incomplete_multipart_upload) &&
        "no rule has abort_incomplete_multipart_upload"
      );
    }),
  },
];

const mayBeEnabled = ({ status }: Attributes): boolean => status === "Enabled" || `${status}`.includes("${");

const lifecycleActions = [
  "expiration",
  "transition",
  "abort_incomplete_multipart_upload",
  "noncurrent_version_expiration",
  "noncurrent_version_transition",
] as const;

function listOf(block: unknown): readonly Readonly<Record<string, unknown>>[] {
  return (Array.isArray(block) ? block : [block]).filter(
    (entry) => typeof entry === "object" && entry !== null,
  );
}

function firstOf(block: unknown): Readonly<Record<string, unknown>> | undefined {
  return listOf(block)[0];
}

function numberIn(block: unknown, name: string): number | undefined {
  const value = firstOf(block)?.[name];
  return typeof value === "number" ? value : undefined;
}
