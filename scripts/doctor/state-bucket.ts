import { randomUUID } from "node:crypto";
import {
  DeleteObjectCommand,
  GetBucketEncryptionCommand,
  GetBucketVersioningCommand,
  GetPublicAccessBlockCommand,
  PutObjectCommand,
} from "@aws-sdk/client-s3";
import { stateBackend } from "../../stacks/environments";
import { stackIds } from "../lib/stack";
import { lockOf } from "../lib/state-versions";
import { type Diagnosis, failed, type Probe, passed, unchecked, warned } from "./probe";
import type { Surroundings } from "./surroundings";

const { bucket: Bucket, region } = stateBackend;
const bootstrap = "npm run bootstrap puts it right";

/** The bucket of Terraform's state. */
export const stateBucketProbes: readonly Probe[] = [
  {
    name: "state bucket",
    run: async (surroundings) => {
      const place = await surroundings.stateBucket();
      if (place.is === "ours") return passed(`${Bucket} in ${region}`);
      if (place.is === "absent") return failed(`${Bucket} is not there`, "npm run bootstrap makes it");
      if (place.is === "elsewhere") {
        return failed(
          `${Bucket} is in ${place.region}, not in ${region}`,
          "set STATE_BUCKET_REGION, or region in stacks/environments.ts",
        );
      }
      return failed(
        `${Bucket} is another account's, or these credentials may not see it`,
        "use another profile (AWS_PROFILE), or another name: organization in stacks/environments.ts, or STATE_BUCKET",
      );
    },
  },
  ofBucket("state bucket: versions", async (surroundings) => {
    const { Status } = await surroundings.s3().send(new GetBucketVersioningCommand({ Bucket }));
    return Status === "Enabled"
      ? passed("every version of a state is kept")
      : failed("versions are not kept: a damaged state is lost", bootstrap);
  }),
  ofBucket("state bucket: encryption", async (surroundings) => {
    const { ServerSideEncryptionConfiguration } = await surroundings
      .s3()
      .send(new GetBucketEncryptionCommand({ Bucket }));
    const [rule] = ServerSideEncryptionConfiguration?.Rules ?? [];
    const algorithm = rule?.ApplyServerSideEncryptionByDefault?.SSEAlgorithm;
    return algorithm ? passed(algorithm) : failed("none by default", bootstrap);
  }),
  ofBucket("state bucket: privacy", async (surroundings) => {
    const { PublicAccessBlockConfiguration: blocks = {} } = await surroundings
      .s3()
      .send(new GetPublicAccessBlockCommand({ Bucket }))
      .catch((error: unknown) => {
        if ((error as Error).name !== "NoSuchPublicAccessBlockConfiguration") throw error;
        return { PublicAccessBlockConfiguration: {} };
      });
    const { BlockPublicAcls, BlockPublicPolicy, IgnorePublicAcls, RestrictPublicBuckets } = blocks;
    return BlockPublicAcls && BlockPublicPolicy && IgnorePublicAcls && RestrictPublicBuckets
      ? passed("closed to the public")
      : failed("it may be opened to the public", bootstrap);
  }),
  ofBucket("state bucket: locks", async (surroundings) => {
    // As Terraform's own: beside a state, below a name that is no stack's.
    const Key = `doctor-${randomUUID()}/terraform.tfstate.tflock`;
    const s3 = surroundings.s3();
    const take = () => s3.send(new PutObjectCommand({ Bucket, Key, Body: "{}", IfNoneMatch: "*" }));
    const { VersionId } = await take();
    try {
      const second = await take().then(
        () => "taken",
        (error: { $metadata?: { httpStatusCode?: number } }) => error.$metadata?.httpStatusCode,
      );
      return second === 412 || second === 409
        ? passed("one was taken, refused to a second, and given back")
        : failed(
            "one was taken twice: two deployments could write at once",
            "keep the state in AWS S3, whose conditional writes Terraform's locks are",
          );
    } finally {
      const remove = (version?: string) =>
        s3.send(new DeleteObjectCommand({ Bucket, Key, ...(version && { VersionId: version }) }));
      // Terraform's own right is to the object alone; with more, nothing of it stays behind.
      await remove(VersionId).catch(() => remove());
    }
  }),
  ofBucket("state: locks held", async () => {
    const locks = await Promise.all(
      stackIds().map(async (stack) => {
        const lock = await lockOf(stack);
        return lock ? [`${stack} by ${lock.who} since ${lock.created}`] : [];
      }),
    );
    const held = locks.flat();
    if (held.length === 0) return passed("none");
    return warned(held.join("; "), "where nobody deploys, break it: docs/state.md says how");
  }),
];

function ofBucket(name: string, look: (surroundings: Surroundings) => Promise<Diagnosis>): Probe {
  return {
    name,
    run: async (surroundings) => {
      const { is } = await surroundings.stateBucket();
      return is === "ours" ? look(surroundings) : unchecked("there is no state bucket to look at");
    },
  };
}
