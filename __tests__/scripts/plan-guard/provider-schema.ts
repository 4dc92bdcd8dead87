import { readFileSync } from "node:fs";
import path from "node:path";
import type { ReducedSchema } from "./reduced-schema";

export const schemaFile = path.join(__dirname, "provider-schema.json");

/**
 * What hashicorp/aws 5.100.0 lets one configure, of every type in the stacks. The end-to-end tests compare it with the
 * provider, and write it with UPDATE_SCHEMA=1.
 */
export const providerSchema = (): ReducedSchema => JSON.parse(readFileSync(schemaFile, "utf8"));
