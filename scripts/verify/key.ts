import { DescribeKeyCommand, GetKeyRotationStatusCommand } from "@aws-sdk/client-kms";
import type { Check } from "./check";
import { differs, requireNoProblems } from "./verdict";

/** The environment's customer-managed key, if it has one. */
export const keyChecks: readonly Check[] = [
  {
    name: "key/usable",
    applies: ({ environment }) => environment.customerKey,
    run: async (deployment) => {
      const [made] = deployment.resources("aws_kms_key");
      const KeyId = `${made?.arn}`;
      const { KeyMetadata } = await deployment.clients.kms.send(new DescribeKeyCommand({ KeyId }));
      const { KeyRotationEnabled } = await deployment.clients.kms.send(
        new GetKeyRotationStatusCommand({ KeyId }),
      );
      requireNoProblems([
        differs("its state", KeyMetadata?.KeyState, "Enabled"),
        differs("its rotation", KeyRotationEnabled ?? false, true),
      ]);
      return "enabled, yearly rotation";
    },
  },
];
