import { policy } from "../access/judge-policy";
import type { ResourceValues, TypeRule } from "./attribute-rule";
import {
  disables,
  enables,
  harmless,
  identity,
  keeps,
  removes,
  removesOrTells,
  shortens,
  starves,
  weakens,
} from "./vocabulary";

const ofBucket = {
  partOf: [
    { type: "aws_s3_bucket", by: [["bucket", "id"]] },
    { type: "aws_s3_bucket", by: [["bucket", "bucket"]] },
  ],
} as const;
const bucketName = ({ before, after, address }: ResourceValues): string =>
  `bucket ${before?.bucket ?? after?.bucket ?? address}`;

const hears = (where: string) => `${where} now hears what happens in the bucket`;
const oldVersions = "old versions are deleted sooner, so an overwritten or deleted object cannot be restored";

/** Tables and buckets. */
export const storage: Readonly<Record<string, TypeRule>> = {
  aws_dynamodb_table: {
    end: "its items are lost",
    attributes: {
      name: identity,
      hash_key: identity,
      range_key: identity,
      attribute: harmless("derived"),
      billing_mode: keeps("callers may be throttled: capacity is no longer given on demand"),
      read_capacity: starves("readers are throttled"),
      write_capacity: starves("writers are throttled"),
      on_demand_throughput: keeps("callers are throttled beyond a maximum"),
      deletion_protection_enabled: disables("the table can be deleted with all its items"),
      "point_in_time_recovery.enabled": disables(
        "no moment of the last 35 days can be restored, and earlier backups of it are deleted",
      ),
      "point_in_time_recovery.recovery_period_in_days": shortens("fewer days can be restored", { unset: 35 }),
      "server_side_encryption.enabled": disables(
        "items are encrypted with AWS's key instead of the environment's",
      ),
      "server_side_encryption.kms_key_arn": removes(
        "items are encrypted with another key, and whoever may not use that one cannot read them",
      ),
      stream_enabled: disables("consumers of the stream get no more changes"),
      stream_view_type: weakens("consumers of the stream no longer get the images that they read", [
        "KEYS_ONLY",
        "NEW_IMAGE",
        "NEW_AND_OLD_IMAGES",
      ]),
      "ttl.enabled": keeps("DynamoDB starts or stops deleting items whose time is over"),
      "ttl.attribute_name": keeps("DynamoDB deletes items by another attribute, perhaps all of them"),
      global_secondary_index: removes("whoever queries the index gets an error"),
      local_secondary_index: removes("whoever queries the index gets an error"),
      replica: removesOrTells(
        "the replica in another Region and its items are lost",
        () => "all items are now copied to another Region",
      ),
      table_class: harmless("cost"),
      import_table: harmless("unused"),
      restore_date_time: harmless("unused"),
      restore_source_name: harmless("unused"),
      restore_source_table_arn: harmless("unused"),
      restore_to_latest_time: harmless("unused"),
    },
  },
  aws_s3_bucket: {
    end: "its objects are lost, and somebody else can take its name",
    attributes: {
      bucket: identity,
      bucket_prefix: harmless("derived"),
      force_destroy: enables("its objects are deleted when it is destroyed"),
      object_lock_enabled: disables("its objects can be deleted"),
      object_lock_configuration: removes("its objects can be deleted"),
      policy: policy({ kind: "resource", name: bucketName }),
      acl: keeps("others may read or write its objects"),
      grant: keeps("others may read or write its objects"),
      cors_rule: removesOrTells(
        "pages in browsers can no longer use it",
        () => "pages of other origins may now use it in a browser",
      ),
      lifecycle_rule: keeps("objects may be deleted sooner"),
      logging: removes("requests to it are no longer logged"),
      replication_configuration: removesOrTells(
        "its objects are no longer copied",
        (where) => `its objects are now copied to ${where}`,
      ),
      server_side_encryption_configuration: removes("its objects are encrypted otherwise, or not at all"),
      versioning: keeps("an overwritten or deleted object may be gone for good"),
      website: removesOrTells("its website ends", () => "what its policy opens is now a website"),
      request_payer: keeps("its readers pay, and anonymous ones are refused"),
      acceleration_status: harmless("cost"),
    },
  },
  aws_s3_bucket_lifecycle_configuration: {
    end: "objects, old versions and unfinished uploads are kept for ever, whatever was promised about deleting them",
    ...ofBucket,
    configures: true,
    attributes: {
      bucket: identity,
      expected_bucket_owner: harmless("terraform"),
      transition_default_minimum_object_size: harmless("cost"),
      "rule.id": harmless("text"),
      "rule.status": keeps("the rule starts or stops deleting objects"),
      "rule.prefix": keeps("the rule deletes other objects than before"),
      "rule.filter": keeps("the rule deletes other objects than before"),
      "rule.expiration.days": shortens("objects are deleted sooner, and whoever needs one finds it gone", {
        unlimited: [0],
      }),
      "rule.expiration.date": keeps("all objects are deleted on that day"),
      "rule.expiration.expired_object_delete_marker": harmless("cost"),
      "rule.noncurrent_version_expiration.noncurrent_days": shortens(oldVersions, { unlimited: [0] }),
      "rule.noncurrent_version_expiration.newer_noncurrent_versions": keeps(oldVersions),
      "rule.abort_incomplete_multipart_upload": harmless("cost"),
      "rule.transition": keeps("objects move to a storage class from which they may not be read at once"),
      "rule.noncurrent_version_transition": keeps(
        "old versions move to a storage class from which they may not be read at once",
      ),
    },
  },
  aws_s3_bucket_versioning: {
    end: "an overwritten or deleted object is gone for good",
    ...ofBucket,
    configures: true,
    attributes: {
      bucket: identity,
      expected_bucket_owner: harmless("terraform"),
      mfa: harmless("terraform"),
      "versioning_configuration.status": disables("an overwritten or deleted object is gone for good"),
      "versioning_configuration.mfa_delete": disables("versions can be deleted without a second factor"),
    },
  },
  aws_s3_bucket_server_side_encryption_configuration: {
    end: "new objects are encrypted with AWS's key instead of the environment's",
    ...ofBucket,
    attributes: {
      bucket: identity,
      expected_bucket_owner: harmless("terraform"),
      "rule.bucket_key_enabled": harmless("cost"),
      "rule.apply_server_side_encryption_by_default.sse_algorithm": weakens(
        "new objects are encrypted with AWS's key instead of the environment's",
        ["AES256", "aws:kms", "aws:kms:dsse"],
      ),
      "rule.apply_server_side_encryption_by_default.kms_master_key_id": removes(
        "new objects are encrypted with another key, and whoever may not use that one cannot read them",
      ),
    },
  },
  aws_s3_bucket_public_access_block: {
    end: "the bucket can be opened to everybody",
    ...ofBucket,
    attributes: {
      bucket: identity,
      block_public_acls: disables("an object can be opened to everybody"),
      ignore_public_acls: disables("objects that are public by their ACL are open to everybody"),
      block_public_policy: disables("a policy can open the bucket to everybody"),
      restrict_public_buckets: disables("a public policy opens the bucket to everybody"),
    },
  },
  aws_s3_bucket_ownership_controls: {
    end: "objects can have ACLs, so others may read them",
    ...ofBucket,
    attributes: {
      bucket: identity,
      "rule.object_ownership": weakens("objects can have ACLs, so others may read them", [
        "ObjectWriter",
        "BucketOwnerPreferred",
        "BucketOwnerEnforced",
      ]),
    },
  },
  aws_s3_bucket_policy: {
    end: "the bucket no longer refuses what is not encrypted in transit, and services that write to it are refused",
    ...ofBucket,
    attributes: { bucket: identity, policy: policy({ kind: "resource", name: bucketName }) },
  },
  aws_s3_bucket_notification: {
    end: "nobody hears any more what happens in the bucket",
    ...ofBucket,
    attributes: {
      bucket: identity,
      eventbridge: disables("rules on the default event bus no longer hear what happens in the bucket"),
      lambda_function: removesOrTells("the function no longer hears what happens in the bucket", hears),
      queue: removesOrTells("the queue no longer hears what happens in the bucket", hears),
      topic: removesOrTells("the topic no longer hears what happens in the bucket", hears),
    },
  },
  aws_s3_object: {
    end: { harmless: "rebuilt" },
    attributes: {
      bucket: identity,
      key: identity,
      acl: keeps("others may read it"),
      kms_key_id: removes("it is encrypted with another key"),
      server_side_encryption: removes("it is encrypted otherwise"),
      object_lock_legal_hold_status: removes("it can be deleted"),
      object_lock_mode: removes("it can be deleted"),
      object_lock_retain_until_date: removes("it can be deleted sooner"),
      website_redirect: keeps("its readers are sent elsewhere"),
      force_destroy: harmless("terraform"),
      override_provider: harmless("terraform"),
      bucket_key_enabled: harmless("cost"),
      storage_class: harmless("cost"),
      cache_control: harmless("rebuilt"),
      checksum_algorithm: harmless("rebuilt"),
      content: harmless("code"),
      content_base64: harmless("code"),
      content_disposition: harmless("rebuilt"),
      content_encoding: harmless("rebuilt"),
      content_language: harmless("rebuilt"),
      content_type: harmless("rebuilt"),
      etag: harmless("code"),
      metadata: harmless("text"),
      source: harmless("code"),
      source_hash: harmless("code"),
    },
  },
};
