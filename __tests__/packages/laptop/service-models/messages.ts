/** The message of a ValidationException with these details. */
export const detected = (...details: readonly string[]) =>
  `${details.length} validation error${details.length > 1 ? "s" : ""} detected: ${details.join("; ")}`;
/** @param rule what the member must do */
export const failed = (value: string, path: string, rule: string) =>
  `Value ${value} at '${path}' failed to satisfy constraint: Member must ${rule}`;
