import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { asRecord, asRecords, type Resource } from "./stack-view";

/** A function's code as it will be zipped: file contents by path in the zip. */
export type PackageFiles = ReadonlyMap<string, Buffer>;

/** The result of loading a file in Node.js without node_modules. */
export interface LoadResult {
  readonly exports?: readonly string[];
  /** Why it cannot be loaded, if the package is at fault. */
  readonly failure?: string;
}

/** Finds the current location of a path that Terraform will read. Assets are copied only after the check. */
export type SourceLocator = (terraformPath: string) => string | undefined;

/** Reads the code of functions whose packages this stack creates. */
export class PackageReader {
  private readonly known = new Map<Resource, PackageFiles | undefined>();

  constructor(private readonly locate: SourceLocator) {}

  /** @returns undefined if the code comes from elsewhere or does not exist yet */
  filesOf(lambda: Resource): PackageFiles | undefined {
    if (!this.known.has(lambda)) this.known.set(lambda, this.read(lambda));
    return this.known.get(lambda);
  }

  /** The file that a Node.js handler such as `index.handler` refers to. */
  handlerFile(lambda: Resource): string | undefined {
    const handler = lambda.text("handler");
    const files = this.filesOf(lambda);
    const name = handler?.slice(0, handler.lastIndexOf("."));
    return [".js", ".mjs", ".cjs"].map((ending) => `${name}${ending}`).find((file) => files?.has(file));
  }

  /** Loads the handler's file in a separate process, with only the zipped files. */
  load(lambda: Resource): LoadResult | undefined {
    const files = this.filesOf(lambda);
    const file = this.handlerFile(lambda);
    return files && file ? loadOnce(files, file, variablesOf(lambda)) : undefined;
  }

  private read(lambda: Resource): PackageFiles | undefined {
    const direct = lambda.raw("s3_key") ?? lambda.raw("filename");
    const { stack } = lambda;
    const objects = stack.referencedBy(direct).filter(({ type }) => /^aws_s3_(bucket_)?object$/.test(type));
    const sources = [direct, ...objects.map((object) => object.raw("source"))];
    const archive = sources
      .map((source) => stack.follow(source, "data.archive_file", "archive_file"))
      .find(Boolean);
    return archive && this.readArchive(archive);
  }

  private readArchive(archive: Resource): PackageFiles | undefined {
    const inline = asRecords(archive.raw("source")).map(
      ({ filename, content }) => [`${filename}`, Buffer.from(`${content}`)] as const,
    );
    if (inline.length > 0) return new Map(inline);
    const source = archive.text("source_dir") ?? archive.text("source_file");
    const found = source && this.locate(source);
    if (!found || !existsSync(found)) return undefined;
    if (archive.has("source_file")) return new Map([[path.basename(found), readFileSync(found)]]);
    const entries = readdirSync(found, { recursive: true, withFileTypes: true }).filter((entry) =>
      entry.isFile(),
    );
    const paths = entries.map((entry) => path.join(entry.parentPath, entry.name));
    return new Map(
      paths.map((file) => [path.relative(found, file).split(path.sep).join("/"), readFileSync(file)]),
    );
  }
}

type Variables = Readonly<Record<string, string>>;

/** The function's variables, because some code does not load without them. Unknown values are passed as text. */
function variablesOf(lambda: Resource): Variables {
  const variables = Object.entries(asRecord(lambda.value("environment.variables")) ?? {});
  return Object.fromEntries(variables.map(([name, value]) => [name, `${value}`]));
}

/** Every environment's stack has the same code with the same variables, so it is loaded once. */
const loaded = new Map<string, LoadResult>();

function loadOnce(files: PackageFiles, file: string, variables: Variables): LoadResult {
  const hash = createHash("sha256")
    .update(file)
    .update(`\0${Object.keys(variables).sort()}`);
  for (const [name, content] of files) hash.update(`\0${name}\0`).update(content);
  const key = hash.digest("hex");
  const result = loaded.get(key) ?? loadAlone(files, file, variables);
  loaded.set(key, result);
  return result;
}

/**
 * The SDK's credential providers are stubbed: it needs them only outside Lambda, so bundles often leave them out.
 * Any other module must be in the zip. Lambda's own copy of the SDK does not count, because it is not what was tested.
 */
const loader = `
const Module = require("node:module");
const resolve = Module._resolveFilename;
Module._resolveFilename = function (request, ...rest) {
  if (/^@(aws-sdk|smithy)\\/credential-provider-/.test(request)) return "node:util";
  return resolve.call(this, request, ...rest);
};
const report = (result) => { require("node:fs").writeSync(1, "\\n" + JSON.stringify(result)); process.exit(0); };
const fail = (error) => {
  const own = error instanceof SyntaxError || /MODULE_NOT_FOUND$/.test(error?.code ?? "");
  report(own ? { failure: String(error.message).split("\\n")[0] } : {});
};
process.on("uncaughtException", fail);
import(require("node:url").pathToFileURL(process.argv[1])).then(
  (loaded) => {
    const names = new Set([...Object.keys(loaded), ...Object.keys(loaded.default ?? {})]);
    report({ exports: [...names].filter((name) => name !== "default" && name !== "module.exports") });
  },
  fail,
);
`;

function loadAlone(files: PackageFiles, file: string, variables: Variables): LoadResult {
  const folder = mkdtempSync(path.join(tmpdir(), "guardrails-"));
  try {
    for (const [name, content] of files) {
      mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
      writeFileSync(path.join(folder, name), content);
    }
    const { stdout } = spawnSync(process.execPath, ["-e", loader, path.join(folder, file)], {
      cwd: folder,
      // No credentials and none of this process's variables, so that loading the code cannot reach anything.
      env: {
        ...variables,
        PATH: process.env.PATH,
        AWS_REGION: "eu-west-1",
        AWS_EC2_METADATA_DISABLED: "true",
      },
      encoding: "utf8",
      timeout: 10_000,
    });
    // An inconclusive result, such as a module that fails on a placeholder value, does not count against the package.
    return (JSON.parse(stdout.trim().split("\n").at(-1) || "{}") as LoadResult) ?? {};
  } catch {
    return {};
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
