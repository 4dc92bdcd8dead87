import { findProviders, type Providers } from "./providers/providers";
import { findPython, findTerraform } from "./requirements";
import { installLambdaRuntime, installPythonTools } from "./tools";

export interface SetUp {
  /** The folder of the `node` that runs functions. */
  readonly lambdaRuntime: string;
  readonly providers: Providers;
}

/** Installs everything that AWS on a laptop needs. Does nothing if it is installed already. */
export async function setUp(): Promise<SetUp> {
  const terraform = await findTerraform();
  await installPythonTools(await findPython());
  const lambdaRuntime = await installLambdaRuntime();
  return { lambdaRuntime, providers: await findProviders(terraform) };
}
