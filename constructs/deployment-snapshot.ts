import { createHash } from "node:crypto";
import { type IResolveContext, Lazy, type TerraformResource } from "cdktf";
import { promise } from "../packages/guardrails/promise";

/** Terraform's own attributes, and tags, which API Gateway does not copy into a deployment. */
const notSnapshotted = new Set(["//", "depends_on", "lifecycle", "provider", "tags", "tags_all"]);

/**
 * The resources that an API Gateway deployment is a snapshot of, such as methods and models. API Gateway serves a change
 * to one of them only after a new deployment, so any change must create one.
 */
export class DeploymentSnapshot {
  private readonly snapshotted: TerraformResource[] = [];

  /** For the deployment's `dependsOn`. */
  get resources(): TerraformResource[] {
    return this.snapshotted;
  }

  /** For the deployment's `triggers`: they change whenever an attribute of a resource changes, and only then. */
  get triggers(): { [trigger: string]: string } {
    return {
      configuration: Lazy.stringValue({ produce: (context) => hashOf(this.text(context)) }),
      references: Lazy.stringValue({ produce: (context) => hashOfReferences(this.text(context)) }),
    };
  }

  /** @returns the resource it was given */
  add<T extends TerraformResource>(resource: T): T {
    this.snapshotted.push(resource);
    const names = Object.keys(bodyOf(resource.toTerraform())).filter((name) => !notSnapshotted.has(name));
    promise(resource, "the stage serves it as the routes say", names);
    return resource;
  }

  /** Every attribute of every resource, as it will be written, overrides included. */
  private text(context: IResolveContext): string {
    const bodies = this.snapshotted.map((resource) => {
      const attributes = Object.entries(bodyOf(resource.toTerraform()));
      const kept = attributes.filter(([name]) => !notSnapshotted.has(name));
      return [resource.friendlyUniqueId, Object.fromEntries(kept)];
    });
    return JSON.stringify(context.resolve(Object.fromEntries(bodies)));
  }
}

function hashOf(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

/** Terraform computes this hash: only it knows the values of references, for example a function's new name. */
function hashOfReferences(text: string): string {
  const references = [...text.matchAll(/\$\{([\w.-]+)\}/g)].map(([, reference]) => reference);
  return `\${sha256(jsonencode([${[...new Set(references)].join(", ")}]))}`;
}

/** cdktf nests a resource's body as resource → type → id → body. */
function bodyOf(terraform: { resource: Record<string, Record<string, Record<string, unknown>>> }) {
  const [byId] = Object.values(terraform.resource);
  return Object.values(byId ?? {})[0] ?? {};
}
