interface Schema {
  readonly $ref?: string;
  readonly type?: string;
  readonly enum?: readonly string[];
  readonly const?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly allOf?: readonly Schema[];
}

interface Response {
  readonly $ref?: string;
  readonly description: string;
  readonly headers?: Readonly<Record<string, { readonly description?: string }>>;
  readonly content?: Readonly<Record<string, { readonly schema: Schema }>>;
}

interface OperationObject {
  readonly operationId: string;
  readonly summary: string;
  readonly description: string;
  readonly parameters?: readonly {
    readonly name: string;
    readonly in: string;
    readonly required: boolean;
    readonly description: string;
    readonly schema: Schema;
  }[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Schema }>> };
  readonly responses: Readonly<Record<string, Response>>;
}

export interface Document {
  readonly info: { readonly title: string; readonly description: string };
  readonly paths: Readonly<Record<string, Readonly<Record<string, OperationObject>>>>;
  readonly components: {
    readonly schemas: Readonly<Record<string, Schema>>;
    readonly responses: Readonly<Record<string, Response>>;
  };
}

/** The reference for a client's developer, in Markdown. What is not in the document stands in `notes`. */
export const apiReference = ({ info, paths, components }: Document, notes: string): string => {
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      route: `${method.toUpperCase()} ${path}`,
      operation,
    })),
  );
  return [
    "<!-- Made by `npm run openapi` from lambda-src/api/operations.ts. Change that, not this. -->",
    `# ${info.title}`,
    info.description,
    "The same as a document for tools: [openapi.json](openapi.json).",
    table(
      ["operation", "does"],
      operations.map(({ route, operation }) => [
        `[\`${route}\`](#${operation.operationId.toLowerCase()})`,
        operation.summary,
      ]),
    ),
    ...operations.map(({ route, operation }) => section(route, operation)),
    "## Schemas",
    ...Object.entries(components.schemas).map(([name, schema]) => schemaSection(name, schema)),
    notes.trim(),
    "",
  ].join("\n\n");
};

const section = (route: string, operation: OperationObject): string => {
  const { operationId, summary, description, parameters = [], requestBody, responses } = operation;
  const answers = Object.entries(responses).filter(([status]) => status !== "default");
  return [
    `## ${operationId}`,
    `**\`${route}\`** — ${summary}. ${description}`,
    ...(parameters.length === 0
      ? []
      : [
          table(
            ["parameter", "in", "must be", "meaning"],
            parameters.map(({ name, in: place, required, description: meaning, schema }) => [
              `\`${name}\`${required ? ", required" : ""}`,
              place,
              rule(schema),
              meaning,
            ]),
          ),
        ]),
    ...(requestBody
      ? [`Body: ${rule(requestBody.content["application/json"]?.schema ?? {})}, as \`application/json\`.`]
      : []),
    table(
      ["status", "body", "when"],
      answers.map(([status, { description: when, content = {}, headers = {} }]) => [
        status,
        Object.values(content)
          .map(({ schema }) => rule(schema))
          .join() || "none",
        [
          when,
          ...Object.entries(headers).map(
            ([name, header]) => `\`${name}\`: ${header.description ?? "seconds to wait."}`,
          ),
        ].join(" "),
      ]),
    ),
  ].join("\n\n");
};

const schemaSection = (name: string, { properties = {}, required = [] }: Schema): string =>
  [
    `### ${name}`,
    table(
      ["property", "must be"],
      Object.entries(properties).map(([property, schema]) => [
        `\`${property}\`${required.includes(property) ? "" : ", may be absent"}`,
        rule(schema),
      ]),
    ),
  ].join("\n\n");

/** A schema in words. */
const rule = (schema: Schema): string => {
  const {
    $ref,
    type,
    enum: values,
    const: value,
    minimum,
    maximum,
    maxLength,
    pattern,
    items,
    allOf,
  } = schema;
  if ($ref) return link($ref.replace(/^.*\//, ""));
  if (allOf) return allOf.map(rule).join(": ");
  if (schema.properties?.type?.enum)
    return schema.properties.type.enum.map((kind) => `\`${kind}\``).join(" or ");
  if (value !== undefined) return `\`${value}\``;
  if (values) return values.map((one) => `\`${one}\``).join(" or ");
  if (items) return `array of ${rule(items)}`;
  return [
    type ?? "anything",
    ...(minimum === undefined ? [] : [`${minimum} to ${maximum}`]),
    ...(maxLength === undefined ? [] : [`at most ${maxLength} characters`]),
    ...(pattern === undefined ? [] : [`\`${pattern.replaceAll("|", "\\|")}\``]),
  ].join(", ");
};

const link = (name: string): string => `[${name}](#${name.toLowerCase()})`;

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
