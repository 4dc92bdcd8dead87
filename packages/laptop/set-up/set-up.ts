import { findProviders, type Providers } from "./providers";
import { findPython, findTerraform } from "./requirements";
import { installLambdaRuntime, installPythonTools } from "./tools";

export interface SetUp {
  /** Folder of the `node` that runs functions. */
  readonly lambdaRuntime: string;
  readonly providers: Providers;
}

/** Everything that AWS on a laptop needs and git does not hold; does nothing where it is there. */
export async function setUp(): Promise<SetUp> {
  const terraform = await findTerraform();
  await installPythonTools(await findPython());
  const lambdaRuntime = await installLambdaRuntime();
  return { lambdaRuntime, providers: await findProviders(terraform) };
}
