type Test = (value: unknown) => boolean;

/** By type and attribute, values that mean the same as none, and that AWS keeps once the attribute was ever set. */
const sameAsAbsent: Readonly<Record<string, Readonly<Record<string, Test>>>> = {
  aws_s3_bucket: { acceleration_status: (value) => value === "Suspended" },
  aws_dynamodb_table: {
    // -1 is no limit.
    on_demand_throughput: everyBlock((block) => Object.values(block).every((limit) => limit === -1)),
    // Turned off: the table is encrypted with DynamoDB's own key, as without the block.
    server_side_encryption: everyBlock(({ enabled }) => enabled === false),
  },
};

/** @returns undefined for a value that means the same as none */
export function orAbsent(type: string, attribute: string, value: unknown): unknown {
  return sameAsAbsent[type]?.[attribute]?.(value) ? undefined : value;
}

function everyBlock(test: (block: Readonly<Record<string, unknown>>) => boolean): Test {
  return (value) => Array.isArray(value) && value.every(test);
}
