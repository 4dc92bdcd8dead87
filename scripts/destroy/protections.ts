import {
  DescribeTableCommand,
  type DynamoDBClient,
  ResourceNotFoundException,
} from "@aws-sdk/client-dynamodb";
import type { TerraformState } from "../lib/terraform-state";

/** A resource that could not be deleted, after others already were. */
export interface Protection {
  readonly address: string;
  /** Its name on AWS. */
  readonly name: string;
  readonly why: string;
}

/** The attributes in which providers report a resource's own protection. */
const attributes = ["deletion_protection_enabled", "deletion_protection", "enable_deletion_protection"];

/**
 * What the state records as protected. Terraform goes by the state when it deletes, so protection that only the program
 * has removed is still in force.
 */
export function protectionsInState({ resources }: TerraformState): readonly Protection[] {
  return resources
    .filter(({ mode }) => mode === "managed")
    .flatMap(({ type, name, instances }) =>
      instances.flatMap((instance): readonly Protection[] => {
        const why = protectionOf(type, instance.attributes);
        const { bucket, name: named, id } = instance.attributes;
        return why ? [{ address: `${type}.${name}`, name: `${bucket ?? named ?? id}`, why }] : [];
      }),
    );
}

/** What is protected on AWS, whatever the state says: somebody may have turned it on by hand. */
export async function protectionsOnAws(
  { resources }: TerraformState,
  dynamoDb: DynamoDBClient,
): Promise<readonly Protection[]> {
  const tables = resources.filter(({ mode, type }) => mode === "managed" && type === "aws_dynamodb_table");
  const found = await Promise.all(
    tables.flatMap(({ type, name, instances }) =>
      instances.map(async ({ attributes: { name: table } }) => {
        const isProtected = await isTableProtected(dynamoDb, `${table}`);
        return isProtected
          ? [
              {
                address: `${type}.${name}`,
                name: `${table}`,
                why: "its deletion protection is turned on, on AWS",
              },
            ]
          : [];
      }),
    ),
  );
  return found.flat();
}

function protectionOf(type: string, values: Readonly<Record<string, unknown>>): string | undefined {
  const on = attributes.find((name) =>
    [true, "ACTIVE", "enabled"].includes(values[name] as string | boolean),
  );
  if (on) return `${on} is ${values[on]} in the state`;
  if (type === "aws_s3_bucket" && values.force_destroy !== true) {
    return "force_destroy is not true in the state, so the bucket would not be emptied";
  }
  return undefined;
}

async function isTableProtected(dynamoDb: DynamoDBClient, TableName: string): Promise<boolean> {
  try {
    const { Table } = await dynamoDb.send(new DescribeTableCommand({ TableName }));
    return Table?.DeletionProtectionEnabled === true;
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return false;
    throw error;
  }
}
