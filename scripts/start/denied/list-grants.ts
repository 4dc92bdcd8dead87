import { App } from "cdktf";
import { ServiceStack } from "../../../stacks/service-stack";
import { environmentOf } from "../../lib/stack";
import { grantCatalogOf } from "./grant-catalog-of";

/** Prints the grant catalog of a stack as JSON. It runs in a process of its own: the stack takes seconds to build. */
const [stackId = ""] = process.argv.slice(2);
const stack = new ServiceStack(new App(), stackId, { environment: environmentOf(stackId) });
process.stdout.write(`${JSON.stringify(grantCatalogOf(stack))}\n`);
