import path from "node:path";
import type { TerraformStack } from "cdktf";
import { type Bundle, bundleFrom } from "../../constructs/bundle";
import { FunctionZip } from "../../constructs/function-zip";
import { PrivateBucket } from "../../constructs/private-bucket";
import { fakeBundle } from "../support/fake-bundler";
import { synthesizeApp, synthesizeStack, testStack } from "../support/synthesize";
import type { SynthesizedStack } from "../support/synthesized-stack";

const code = Buffer.from("exports.handler = async () => ({});");

const addZip = (stack: TerraformStack, bundle: Bundle) => {
  const bucket = new PrivateBucket(stack, "artifacts", { name: "artifacts", deletionProtection: true });
  return new FunctionZip(stack, "package", { name: "worker", bundle, bucket });
};

const functionZip = (bundle = fakeBundle()) =>
  synthesizeStack((stack) => {
    addZip(stack, bundle);
  });

/** The files in the folder that the archive provider zips, by their names in the zip. */
const zippedFiles = (stack: SynthesizedStack) => {
  const folder = stack.onlyData("archive_file").text("source_dir");
  const files = [...stack.files].map(([file, content]) => [path.relative(folder, file), content.toString()]);
  return Object.fromEntries(files.filter(([file]) => !file?.startsWith("..")));
};

describe("FunctionZip", () => {
  it("zips exactly the bundle's file, and writes no other file", () => {
    const stack = functionZip(bundleFrom("index.js", code));

    expect(zippedFiles(stack)).toEqual({ "index.js": code.toString() });
    expect(stack.files.size).toBe(1);
  });

  it.each([
    { change: "different code", first: fakeBundle("first"), second: fakeBundle("second") },
    { change: "a different name", first: bundleFrom("a.js", code), second: bundleFrom("b.js", code) },
  ])("zips only each stack's own bundle when another stack's has $change", ({ first, second }) => {
    const stacks = synthesizeApp((app) => {
      addZip(testStack(app, "first"), first);
      addZip(testStack(app, "second"), second);
    });

    expect(stacks.map(zippedFiles)).toEqual(
      [first, second].map((bundle) => ({ [bundle.fileName]: bundle.code.toString() })),
    );
  });

  it("gives the zip's entries a fixed mode, whatever the umask", () => {
    const stack = functionZip();

    const zip = stack.onlyData("archive_file");

    expect(zip.attributes).toMatchObject({ type: "zip", output_file_mode: "0644" });
  });

  it("writes the zip outside the folder that it zips", () => {
    const stack = functionZip();

    const zip = stack.onlyData("archive_file");

    expect(zip.text("output_path")).toBe("assets/worker.zip");
    expect(path.relative(zip.text("source_dir"), zip.text("output_path"))).toMatch(/^\.\.\//);
  });

  it("names files with paths that work on any machine", () => {
    const stack = functionZip();

    const zip = stack.onlyData("archive_file");

    expect(path.isAbsolute(zip.text("source_dir"))).toBe(false);
    expect(path.isAbsolute(zip.text("output_path"))).toBe(false);
  });

  it("derives the object's key from the bundle's bytes only", () => {
    const bundle = fakeBundle("exports.handler = 1;");
    const changed = fakeBundle("exports.handler = 2;");

    const object = functionZip(bundle).only("aws_s3_object");
    const changedObject = functionZip(changed).only("aws_s3_object");

    expect(object.attributes.key).toBe(`worker/${bundle.hash}.zip`);
    expect(changedObject.attributes.key).toBe(`worker/${changed.hash}.zip`);
    expect(changed.hash).not.toBe(bundle.hash);
  });

  it("uploads the zip again when its bytes change", () => {
    const stack = functionZip();

    const zip = stack.onlyData("archive_file");
    const object = stack.only("aws_s3_object");

    expect(object.attributes).toMatchObject({
      source: zip.ref("output_path"),
      source_hash: zip.ref("output_base64sha256"),
    });
    expect(object.attributes).not.toHaveProperty("etag");
  });

  it("creates the new object before it deletes the old one", () => {
    const stack = functionZip();

    const object = stack.only("aws_s3_object");

    expect(object.attributes.lifecycle).toEqual({ create_before_destroy: true });
  });
});
