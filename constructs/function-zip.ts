import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { DataArchiveFile } from "@cdktf/provider-archive/lib/data-archive-file";
import { S3Object } from "@cdktf/provider-aws/lib/s3-object";
import { App, AssetType, TerraformAsset } from "cdktf";
import { Construct } from "constructs";
import type { Bundle } from "./bundle";
import type { PrivateBucket } from "./private-bucket";

export interface FunctionZipProps {
  /** The function's name without prefix and suffix: folder of its objects in the bucket. */
  readonly name: string;
  readonly bundle: Bundle;
  readonly bucket: PrivateBucket;
}

/**
 * A bundle zipped by the archive provider, and an S3 object that holds the zip, for Lambda to read.
 *
 * The object's key follows from the bundle's bytes alone, so it does not move when another archive provider
 * compresses them differently. The zip is written when Terraform plans: a plan that is applied elsewhere
 * needs the stack's folder carried along.
 */
export class FunctionZip extends Construct {
  readonly bucket: string;
  readonly key: string;
  /** Base64 of the zip's SHA-256, as Lambda's `source_code_hash` wants it. */
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
      // Without it the entry has the mode of the file, which follows the umask of whoever synthesizes.
      outputFileMode: "0644",
    });
    const object = new S3Object(this, "object", {
      bucket: bucket.name,
      key: `${name}/${bundle.hash}.zip`,
      source: zip.outputPath,
      // Not the ETag, which is no MD5 once a customer key encrypts the object.
      sourceHash: zip.outputBase64Sha256,
      // The new code is there before the function changes over, the old one until it has.
      lifecycle: { createBeforeDestroy: true },
    });
    this.bucket = object.bucket;
    this.key = object.key;
    this.sourceCodeHash = zip.outputBase64Sha256;
    this.handler = bundle.handler;
  }

  /** cdktf copies the folder when it synthesizes: it belongs to this package alone and holds nothing older. */
  private writeBundle(bundle: Bundle): string {
    const folder = path.resolve(App.of(this).outdir, "bundles", this.node.path);
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    writeFileSync(path.join(folder, bundle.fileName), bundle.code);
    return folder;
  }
}
