import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import type { PackageFiles } from "./package-load";
import { type Verdict, verdictOn } from "./package-verdict";
import { asRecord, asRecords, type Resource } from "./stack-view";

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

  /** The file that a Node.js handler such as `src/index.handler` refers to. */
  handlerFile(lambda: Resource): string | undefined {
    const { module } = handlerOf(lambda) ?? {};
    const files = this.filesOf(lambda);
    return [".js", ".mjs", ".cjs"].map((ending) => `${module}${ending}`).find((file) => files?.has(file));
  }

  /** Loads the handler's file in a separate process, with only the zipped files. */
  load(lambda: Resource): Verdict | undefined {
    const files = this.filesOf(lambda);
    const file = this.handlerFile(lambda);
    const { expression } = handlerOf(lambda) ?? {};
    if (!files || !file || expression === undefined) return undefined;
    const variables = asRecord(lambda.value("environment.variables"));
    return verdictOn({
      files,
      file,
      expression,
      variables: Object.fromEntries(
        Object.entries(variables ?? {}).map(([name, value]) => [name, known(value)]),
      ),
      moreVariables: !variables && lambda.has("environment"),
      layers: lambda.has("layers"),
    });
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

/** A handler's module and the path of the function in what it exports: Lambda splits at the first dot of the file's name. */
export function handlerOf(
  lambda: Resource,
): { readonly module: string; readonly expression: string } | undefined {
  const match = /^((?:.*\/)?[^./]+)\.(.+)$/.exec(lambda.text("handler") ?? "");
  return match?.[1] && match[2] ? { module: match[1], expression: match[2] } : undefined;
}

/** A variable's value; undefined if only Terraform knows it. */
function known(value: unknown): string | undefined {
  const text = `${value}`;
  return text.includes("${") ? undefined : text;
}
