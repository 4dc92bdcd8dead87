import { each, type Rule } from "../rule";
import type { Resource } from "../stack-view";

const table = "aws_dynamodb_table";

/** All attributes that the keys of a table and its indexes use. */
function keyNames(one: Resource): readonly string[] {
  const indexes = [...one.blocks("global_secondary_index"), ...one.blocks("local_secondary_index")];
  const names = [one.value("hash_key"), one.value("range_key")];
  return [...names, ...indexes.flatMap(({ hash_key, range_key }) => [hash_key, range_key])].filter(
    (name): name is string => typeof name === "string",
  );
}

export const dynamodbRules: readonly Rule[] = [
  {
    id: "dynamodb-keys-defined",
    group: "dynamodb",
    demands: "A table defines exactly the attributes that its keys and indexes use, each of type S, N or B",
    why: "DynamoDB rejects a key without a definition and a definition without a key, and keys cannot be changed once the table exists.",
    fix: "In attribute, list each hash and range key of the table and its indexes, with type S, N or B, and nothing else.",
    mirrors: [],
    check: each(table, (one) => {
      const defined = one.blocks("attribute").map(({ name }) => `${name}`);
      const used = keyNames(one);
      const parts = ["attribute", "hash_key", "range_key", "global_secondary_index", "local_secondary_index"];
      // A part that only Terraform knows can define any attribute, or use it.
      if (parts.some((part) => one.isUnknown(part))) return undefined;
      return [
        ...(one.has("hash_key") ? [] : ["hash_key is absent"]),
        ...used
          .filter((name) => !defined.includes(name))
          .map((name) => `key ${name} has no attribute definition`),
        ...defined
          .filter((name) => !used.includes(name))
          .map((name) => `attribute ${name} is not used by any key`),
        ...one
          .blocks("attribute")
          .filter(({ type }) => !["S", "N", "B"].includes(`${type}`))
          .map(({ name, type }) => `attribute ${name} has type ${type}`),
        ...(one.has("hash_key") && one.value("hash_key") === one.value("range_key")
          ? [`hash_key and range_key are both ${one.value("hash_key")}`]
          : []),
      ];
    }),
  },
  {
    id: "dynamodb-point-in-time-recovery",
    group: "dynamodb",
    demands: "A table can be restored to any second of the last 35 days",
    why: "Otherwise a bad release that overwrites items cannot be undone.",
    fix: "Set pointInTimeRecovery: { enabled: true }.",
    mirrors: ["CKV_AWS_28", "DynamoDB.2", "AwsSolutions-DDB3"],
    check: each(
      table,
      (one) =>
        !one.mayBeTrue("point_in_time_recovery.enabled") && "point_in_time_recovery.enabled is not true",
    ),
  },
  {
    id: "dynamodb-deletion-protection",
    group: "dynamodb",
    demands: "A table that holds data is protected from deletion, by DynamoDB and by Terraform",
    why: "Renaming a construct or changing a key produces a plan that deletes the table with all its items.",
    fix: "Set deletionProtectionEnabled: true and lifecycle: { preventDestroy: true }. If the stack's data can be lost, pass protectsData: false.",
    mirrors: ["DynamoDB.6"],
    check: each(table, (one, { settings }) => {
      if (!settings.protectsData) return undefined;
      return [
        ...(one.mayBeTrue("deletion_protection_enabled") ? [] : ["deletion_protection_enabled is not true"]),
        ...(one.mayBeTrue("lifecycle.prevent_destroy") ? [] : ["lifecycle.prevent_destroy is not true"]),
      ];
    }),
  },
  {
    id: "dynamodb-capacity",
    group: "dynamodb",
    demands: "A table is on-demand, or has read and write capacity of at least 1 each",
    why: "DynamoDB rejects the table at apply. Capacity has no meaning for an on-demand table.",
    fix: 'Set billingMode: "PAY_PER_REQUEST" and no capacity, or "PROVISIONED" and both capacities.',
    mirrors: [],
    check: each(table, (one) => {
      if (one.isUnknown("billing_mode")) return undefined;
      const onDemand = one.value("billing_mode") === "PAY_PER_REQUEST";
      const capacities = ["read_capacity", "write_capacity"];
      if (onDemand)
        return capacities
          .filter((name) => one.number(name))
          .map((name) => `${name} is ${one.number(name)}, but the table is on-demand`);
      return capacities
        .filter((name) => !one.isUnknown(name) && (one.number(name) ?? 0) < 1)
        .map((name) => `${name} is ${one.text(name) ?? "absent"}`);
    }),
  },
  {
    id: "dynamodb-scales",
    group: "dynamodb",
    demands: "A table is on-demand, or its read and write capacity scale automatically",
    why: "Fixed capacity is either wasted at night or throttles at noon.",
    fix: 'Set billingMode: "PAY_PER_REQUEST", or add one AppautoscalingTarget each for dynamodb:table:ReadCapacityUnits and dynamodb:table:WriteCapacityUnits.',
    mirrors: ["CKV2_AWS_16", "DynamoDB.1"],
    check: each(table, (one) => {
      if (one.value("billing_mode") === "PAY_PER_REQUEST" || one.isUnknown("billing_mode")) return undefined;
      const scaled = one.stack
        .all("aws_appautoscaling_target")
        .filter((target) => `${target.value("resource_id")}` === `table/${one.value("name")}`)
        .map((target) => target.value("scalable_dimension"));
      const fixed = ["ReadCapacityUnits", "WriteCapacityUnits"].filter(
        (name) => !scaled.includes(`dynamodb:table:${name}`),
      );
      return fixed.length > 0 && `nothing scales ${fixed.join(" and ")}`;
    }),
  },
  {
    id: "dynamodb-ttl",
    group: "dynamodb",
    demands: "Time to live names an attribute that is not part of a key",
    why: "DynamoDB rejects it, or expires items by their own key and deletes data.",
    fix: 'Set ttl: { enabled: true, attributeName: "expiresAt" }.',
    mirrors: [],
    check: each(table, (one) => {
      if (!one.isTrue("ttl.enabled")) return undefined;
      const name = one.value("ttl.attribute_name");
      if (!name) return "attribute_name is absent";
      return keyNames(one).includes(`${name}`) && `attribute_name is ${name}, which is a key`;
    }),
  },
];
