import path from "node:path";
import type { TerraformStack } from "cdktf";
import { type Bundle, bundleFrom } from "../../constructs/bundle";
import { FunctionZip } from "../../constructs/function-zip";
import { PrivateBucket } from "../../constructs/private-bucket";
import { fakeBundle } from "../support/fake-bundler";
import { synthesizeApp, synthesizeStack, testStack } from "../support/synthesize";
import type { SynthesizedStack } from "../support/synthesized-stack";

const code = Buffer.from("exports.handler = async () => ({});");

const addPackage = (stack: TerraformStack, bundle: Bundle) => {
  const bucket = new PrivateBucket(stack, "artifacts", { name: "artifacts", deletionProtection: true });
  return new FunctionZip(stack, "package", { name: "worker", bundle, bucket });
};

const functionPackage = (bundle = fakeBundle()) =>
  synthesizeStack((stack) => {
    addPackage(stack, bundle);
  });

/** The files below the folder that the archive provider zips, by their names in the zip. */
const zippedFiles = (stack: SynthesizedStack) => {
  const folder = stack.onlyData("archive_file").text("source_dir");
  const files = [...stack.files].map(([file, content]) => [path.relative(folder, file), content.toString()]);
  return Object.fromEntries(files.filter(([file]) => !file?.startsWith("..")));
};

describe("FunctionZip", () => {
  it("zips exactly the bundle's file, and writes no other", () => {
    const stack = functionPackage(bundleFrom("index.js", code));

    expect(zippedFiles(stack)).toEqual({ "index.js": code.toString() });
    expect(stack.files.size).toBe(1);
  });

  it.each([
    { change: "other code", first: fakeBundle("first"), second: fakeBundle("second") },
    { change: "another name", first: bundleFrom("a.js", code), second: bundleFrom("b.js", code) },
  ])("zips each stack's own bundle alone, where another stack's has $change", ({ first, second }) => {
    const stacks = synthesizeApp((app) => {
      addPackage(testStack(app, "first"), first);
      addPackage(testStack(app, "second"), second);
    });

    expect(stacks.map(zippedFiles)).toEqual(
      [first, second].map((bundle) => ({ [bundle.fileName]: bundle.code.toString() })),
    );
  });

  it("gives the zip's entries one mode, whatever the umask", () => {
    const stack = functionPackage();

    const zip = stack.onlyData("archive_file");

    expect(zip.attributes).toMatchObject({ type: "zip", output_file_mode: "0644" });
  });

  it("writes the zip outside the folder that it zips", () => {
    const stack = functionPackage();

    const zip = stack.onlyData("archive_file");

    expect(zip.text("output_path")).toBe("assets/worker.zip");
    expect(path.relative(zip.text("source_dir"), zip.text("output_path"))).toMatch(/^\.\.\//);
  });

  it("names files by paths that hold on any machine", () => {
    const stack = functionPackage();

    const zip = stack.onlyData("archive_file");

    expect(path.isAbsolute(zip.text("source_dir"))).toBe(false);
    expect(path.isAbsolute(zip.text("output_path"))).toBe(false);
  });

  it("keys the object by the bundle's bytes alone", () => {
    const bundle = fakeBundle("exports.handler = 1;");
    const changed = fakeBundle("exports.handler = 2;");

    const object = functionPackage(bundle).only("aws_s3_object");
    const changedObject = functionPackage(changed).only("aws_s3_object");

    expect(object.attributes.key).toBe(`worker/${bundle.hash}.zip`);
    expect(changedObject.attributes.key).toBe(`worker/${changed.hash}.zip`);
    expect(changed.hash).not.toBe(bundle.hash);
  });

  it("uploads the zip again when its bytes change", () => {
    const stack = functionPackage();

    const zip = stack.onlyData("archive_file");
    const object = stack.only("aws_s3_object");

    expect(object.attributes).toMatchObject({
      source: zip.ref("output_path"),
      source_hash: zip.ref("output_base64sha256"),
    });
    expect(object.attributes).not.toHaveProperty("etag");
  });

  it("holds the new code before the old one goes", () => {
    const stack = functionPackage();

    const object = stack.only("aws_s3_object");

    expect(object.attributes.lifecycle).toEqual({ create_before_destroy: true });
  });
});
