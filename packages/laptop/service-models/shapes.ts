import { type Constraint, constraintsOf } from "./constraints";
import type { Location, RawMember, RawShape } from "./raw-shape";

/** A shape of a model, with the documentation left out. */
export type Shape = StructureShape | ListShape | MapShape | ScalarShape;

export interface StructureShape {
  readonly type: "structure";
  readonly members: readonly Member[];
  /** The member that is the whole body, in the REST protocols. */
  readonly payload: Member | undefined;
  /** Any JSON value: nothing in it is checked. */
  readonly document: boolean;
}

export interface ListShape {
  readonly type: "list";
  readonly item: Shape;
  /** The name of each item in XML and in the query protocol. */
  readonly itemName: string;
  readonly itemNamed: boolean;
  readonly flattened: boolean;
  readonly constraints: readonly Constraint[];
}

export interface MapShape {
  readonly type: "map";
  readonly key: Shape;
  readonly value: Shape;
  readonly keyName: string;
  readonly valueName: string;
  readonly flattened: boolean;
  readonly constraints: readonly Constraint[];
}

export interface ScalarShape {
  readonly type:
    | "string"
    | "blob"
    | "boolean"
    | "integer"
    | "long"
    | "float"
    | "double"
    | "timestamp"
    | "character"
    | "bigdecimal";
  readonly constraints: readonly Constraint[];
  /** Errors do not repeat the value. */
  readonly sensitive: boolean;
}

export interface Member {
  /** As the model spells it, for example `MemorySize`. */
  readonly name: string;
  /** The key of the value in the input: in the body, the name on the wire; else the location and the name. */
  readonly key: string;
  /** As in AWS's messages: `memorySize`. */
  readonly label: string;
  /** The name in XML and the query protocol. */
  readonly wireName: string;
  /** The name in EC2's protocol. */
  readonly ec2Name: string;
  readonly location: Location | undefined;
  readonly required: boolean;
  readonly flattened: boolean;
  readonly shape: Shape;
}

/** The shapes of a service, compiled when they are first used. */
export class ShapeTable {
  private readonly compiled = new Map<string, Shape>();

  constructor(
    private readonly raw: Readonly<Record<string, RawShape>>,
    /** What replaces parts of shapes, by the shape's name. */
    private readonly corrections: Readonly<Record<string, Partial<RawShape>>>,
  ) {}

  structure(name: string): StructureShape {
    const shape = this.shape(name);
    if (shape.type !== "structure") throw new Error(`${name} is not a structure`);
    return shape;
  }

  private shape(name: string): Shape {
    let shape = this.compiled.get(name);
    if (!shape) {
      shape = this.compile({ ...(this.raw[name] as RawShape), ...this.corrections[name] });
      this.compiled.set(name, shape);
    }
    return shape;
  }

  private compile(raw: RawShape): Shape {
    const { member, key, value, flattened = false } = raw;
    if (raw.type === "structure") return new Structure(raw, (name) => this.shape(name));
    const resolve = (name: string) => this.shape(name);
    if (member) {
      return {
        type: "list",
        get item() {
          return resolve(member.shape);
        },
        itemName: member.locationName ?? "member",
        itemNamed: member.locationName !== undefined,
        flattened,
        constraints: constraintsOf(raw),
      };
    }
    if (key && value) {
      return {
        type: "map",
        get key() {
          return resolve(key.shape);
        },
        get value() {
          return resolve(value.shape);
        },
        keyName: key.locationName ?? "key",
        valueName: value.locationName ?? "value",
        flattened,
        constraints: constraintsOf(raw),
      };
    }
    return {
      type: raw.type as ScalarShape["type"],
      constraints: constraintsOf(raw),
      sensitive: raw.sensitive ?? false,
    };
  }
}

/** Compiles its members when they are first used: shapes may contain themselves. */
class Structure implements StructureShape {
  readonly type = "structure";
  readonly document: boolean;
  private compiled: readonly Member[] | undefined;

  constructor(
    private readonly raw: RawShape,
    private readonly resolve: (name: string) => Shape,
  ) {
    this.document = raw.document ?? false;
  }

  get members(): readonly Member[] {
    this.compiled ??= Object.entries(this.raw.members ?? {}).map(([name, member]) =>
      this.member(name, member),
    );
    return this.compiled;
  }

  get payload(): Member | undefined {
    return this.members.find(({ name }) => name === this.raw.payload);
  }

  private member(name: string, raw: RawMember): Member {
    const { location, locationName } = raw;
    const { resolve } = this;
    return {
      name,
      // A member of the body may have the name of one in the path.
      key: location ? `${location} ${name}` : (locationName ?? name),
      label: `${name.charAt(0).toLowerCase()}${name.slice(1)}`,
      wireName: locationName ?? name,
      ec2Name: raw.queryName ?? upperFirst(locationName ?? name),
      location,
      required: this.raw.required?.includes(name) ?? false,
      flattened: raw.flattened ?? false,
      get shape() {
        return resolve(raw.shape);
      },
    };
  }
}

function upperFirst(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}
