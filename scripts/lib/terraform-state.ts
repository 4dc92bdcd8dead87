import { GetObjectCommand, NoSuchBucket, NoSuchKey, S3Client } from "@aws-sdk/client-s3";
import { stateBackendOf } from "../../stacks/accounts";

/** The parts of Terraform's state, format 4, that the commands read. */
export interface TerraformState {
  readonly lineage: string;
  /** Increases by one with every change. */
  readonly serial: number;
  readonly resources: readonly {
    readonly mode: "managed" | "data";
    readonly type: string;
    readonly name: string;
    readonly instances: readonly {
      /** Set if the resource has count or for_each. */
      readonly index_key?: string | number;
      readonly attributes: Readonly<Record<string, unknown>>;
      /** Paths of the values that must not be shown. */
      readonly sensitive_attributes?: readonly (readonly { readonly value?: unknown }[])[];
      /** Addresses of the resources it needs, and of those that they need. */
      readonly dependencies?: readonly string[];
    }[];
  }[];
  readonly outputs: Readonly<Record<string, { readonly value: unknown }>>;
}

/** Reads a stack's state from its S3 backend. @returns undefined if the stack has none */
export async function readTerraformState(stackId: string): Promise<TerraformState | undefined> {
  const { bucket: Bucket, region } = stateBackendOf(stackId);
  const s3 = new S3Client({ region });
  try {
    const object = await s3.send(new GetObjectCommand({ Bucket, Key: `${stackId}/terraform.tfstate` }));
    return JSON.parse((await object.Body?.transformToString()) ?? "");
  } catch (error) {
    if (error instanceof NoSuchKey || error instanceof NoSuchBucket) return undefined;
    throw error;
  } finally {
    s3.destroy();
  }
}

/** The stack's outputs by name. Each name begins with the stack's name, which is left out here. */
export function outputsOf(stackId: string, state: TerraformState): Readonly<Record<string, string>> {
  const named = Object.entries(state.outputs).map(([name, { value }]) => [
    name.slice(stackId.length + 1),
    `${value}`,
  ]);
  return Object.fromEntries(named);
}

/** The attributes of every resource of a type that Terraform manages. */
export function instancesOf(
  state: TerraformState,
  type: string,
): readonly Readonly<Record<string, unknown>>[] {
  return state.resources
    .filter((resource) => resource.mode === "managed" && resource.type === type)
    .flatMap(({ instances }) => instances.map(({ attributes }) => attributes));
}
