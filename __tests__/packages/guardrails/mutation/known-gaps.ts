import type { MutantKind } from "./mutant-kind";

/** Faults that nothing catches. They count against the score. */
export const knownGaps: readonly MutantKind[] = [
  {
    attribute: /aws_lambda_(?:permission|function_event_invoke_config)\.qualifier/,
    operators: ["a sibling's reference", "a constant for a reference"],
    reason:
      "Leads to an alias of the same name. Only the order is lost, and a qualifier that is written out is common where the alias is older.",
  },
  {
    attribute: /aws_s3_(?:object|bucket_lifecycle_configuration)\.bucket/,
    operators: ["another type's reference"],
    reason: "Leads to the same bucket. Only the order after its versioning is lost.",
  },
  {
    attribute: /.*/,
    stack: "worker",
    reason:
      "Written by hand, without constructs that promise anything. Sizes, thresholds, names, patterns and targets outside the stack can be meant.",
  },
];
