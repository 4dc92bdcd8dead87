export type Attributes = Readonly<Record<string, unknown>>;

export function asRecord(value: unknown): Attributes | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Attributes)
    : undefined;
}

export function asRecords(value: unknown): readonly Attributes[] {
  const entries: readonly unknown[] = Array.isArray(value) ? value : [value];
  return entries.map(asRecord).filter((entry) => entry !== undefined);
}

export function asTexts(value: unknown): readonly string[] {
  if (value === undefined || value === null) return [];
  return (Array.isArray(value) ? value : [value]).map((entry) =>
    typeof entry === "string" ? entry : `${entry}`,
  );
}

export function stringsIn(value: unknown): readonly string[] {
  if (typeof value === "string") return [value];
  if (Array.isArray(value)) return value.flatMap(stringsIn);
  const record = asRecord(value);
  return record ? Object.values(record).flatMap(stringsIn) : [];
}

/** A block's attribute. A `dynamic` block of that name adds blocks that only Terraform knows. */
export function withDynamic(block: Attributes | undefined, name: string): unknown {
  const written = block?.[name];
  if (block?.dynamic === undefined) return written;
  const isDynamic = asRecords(block.dynamic).some((one) => one[name] !== undefined);
  if (!isDynamic) return written;
  const unknown = `\${dynamic.${name}}`;
  return written === undefined || written === null ? unknown : [written, unknown].flat();
}
