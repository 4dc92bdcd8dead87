import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { DataArchiveFile } from "@cdktf/provider-archive/lib/data-archive-file";
import { S3Object } from "@cdktf/provider-aws/lib/s3-object";
import { App, AssetType, TerraformAsset } from "cdktf";
import { Construct } from "constructs";
import { promise } from "../packages/guardrails/promise";
import type { Bundle } from "./bundle";
import type { PrivateBucket } from "./private-bucket";

export interface FunctionZipProps {
  /** The function's name without prefix and suffix. It is the folder of the objects in the bucket. */
  readonly name: string;
  readonly bundle: Bundle;
  readonly bucket: PrivateBucket;
}

/**
 * A zip of a bundle, made by the archive provider, and the S3 object that Lambda reads it from. Nothing but the bundle's
 * one file is zipped.
 *
 * The object's key depends on the bundle's bytes only, so it stays the same if another archive provider compresses them
 * differently. Terraform writes the zip when it plans. To apply a plan on another machine, copy the stack's folder there.
 */
export class FunctionZip extends Construct {
  readonly bucket: string;
  readonly key: string;
  /** Base64 of the zip's SHA-256, as Lambda's `source_code_hash` expects it. */
  readonly sourceCodeHash: string;
  readonly handler: string;

  constructor(scope: Construct, id: string, props: FunctionZipProps) {
    super(scope, id);
    const { name, bundle, bucket } = props;
    const asset = new TerraformAsset(this, "bundle", {
      path: this.writeBundle(bundle),
      type: AssetType.DIRECTORY,
      assetHash: bundle.hash,
    });
    const zip = new DataArchiveFile(this, "zip", {
      type: "zip",
      sourceDir: asset.path,
      outputPath: `assets/${name}.zip`,
      // Otherwise the zip entry has the file's mode, which depends on the umask of whoever synthesizes.
      outputFileMode: "0644",
    });
    const object = new S3Object(this, "object", {
      bucket: bucket.name,
      key: `${name}/${bundle.hash}.zip`,
      source: zip.outputPath,
      // Not the ETag, which is not an MD5 hash if a customer-managed key encrypts the object.
      sourceHash: zip.outputBase64Sha256,
      // Upload the new code before the function switches to it, and delete the old code afterwards.
      lifecycle: { createBeforeDestroy: true },
    });
    promise(zip, "the function runs its own bundle", [
      "type",
      "source_dir",
      "output_path",
      "output_file_mode",
    ]);
    promise(object, "the function's key leads to its own zip, which exists before the function uses it", [
      "bucket",
      "key",
      "source",
      "source_hash",
      "lifecycle.create_before_destroy",
    ]);
    this.bucket = object.bucket;
    this.key = object.key;
    this.sourceCodeHash = zip.outputBase64Sha256;
    this.handler = bundle.handler;
  }

  /** cdktf copies the whole folder when it synthesizes: no other zip may use it, and no old file may be left in it. */
  private writeBundle(bundle: Bundle): string {
    const folder = path.resolve(App.of(this).outdir, "bundles", this.node.path);
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    writeFileSync(path.join(folder, bundle.fileName), bundle.code);
    return folder;
  }
}
