import { each, type Rule } from "../rule";
import { type Attributes, asTexts, type Resource } from "../stack-view";

const table = "aws_dynamodb_table";

const isKnown = (value: unknown): boolean => !(typeof value === "string" && value.includes("${"));

interface Index {
  readonly attributes: Attributes;
  readonly kind: "global_secondary_index" | "local_secondary_index";
}

function indexesOf(one: Resource): readonly Index[] {
  return (["global_secondary_index", "local_secondary_index"] as const).flatMap((kind) =>
    one.blocks(kind).map((attributes) => ({ attributes, kind })),
  );
}

function projectionProblem(one: Resource, { attributes }: Index): string | undefined {
  const { projection_type: type, non_key_attributes: further, name } = attributes;
  if (!isKnown(type) || !isKnown(further)) return undefined;
  const included = asTexts(further);
  if (type === "INCLUDE" && included.length === 0) return `index ${name} includes no non_key_attributes`;
  if (type !== "INCLUDE" && included.length > 0)
    return `index ${name} has non_key_attributes, but projects ${type ?? "nothing"}`;
  const keys = [one.value("hash_key"), one.value("range_key"), attributes.hash_key, attributes.range_key];
  const repeated = included.filter((attribute) => keys.includes(attribute));
  return repeated.length > 0 ? `index ${name} includes ${repeated.join(", ")}, which is a key` : undefined;
}

export const dynamodbIndexRules: readonly Rule[] = [
  {
    id: "dynamodb-indexes",
    group: "dynamodb",
    demands:
      "Indexes have different names, a projection that DynamoDB accepts and, in a provisioned table, a capacity; a local index needs a table with a range key",
    why: "DynamoDB rejects the table at apply, and a local index cannot be added later.",
    fix: "Give INCLUDE its nonKeyAttributes, which are no keys and at most 100 in all indexes, and give ALL and KEYS_ONLY none.",
    mirrors: [],
    check: each(table, (one) => {
      const indexes = indexesOf(one);
      const names = indexes.map(({ attributes }) => attributes.name).filter(isKnown);
      const repeated = names.filter((name, index) => names.indexOf(name) !== index);
      const included = indexes
        .flatMap(({ attributes }) => asTexts(attributes.non_key_attributes))
        .filter(isKnown);
      const provisioned =
        one.mayBe("billing_mode", "PROVISIONED", undefined) && !one.isUnknown("billing_mode");
      const withoutCapacity = indexes.filter(
        ({ attributes, kind }) =>
          kind === "global_secondary_index" &&
          (attributes.read_capacity === undefined || attributes.write_capacity === undefined),
      );
      return [
        ...repeated.map((name) => `two indexes are named ${name}`),
        ...indexes.flatMap((index) => projectionProblem(one, index) ?? []),
        ...(included.length > 100 ? [`the indexes include ${included.length} attributes`] : []),
        ...(provisioned
          ? withoutCapacity.map(
              ({ attributes }) => `index ${attributes.name} has no read_capacity or write_capacity`,
            )
          : []),
        ...(one.blocks("local_secondary_index").length > 0 && !one.has("range_key")
          ? ["it has a local_secondary_index, but no range_key"]
          : []),
      ];
    }),
  },
];
