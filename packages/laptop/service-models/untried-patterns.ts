/**
 * Patterns that a backtracking engine may try for seconds on a text of some dozens of characters. AWS's engine has other
 * means. A test finds them.
 */
const slow: readonly string[] = [
  // application-signals.KeyAttributeValue
  "[ -~]*[!-~]+[ -~]*",
  // mwaa.ConfigKey
  "[a-z]+([a-z0-9._]*[a-z0-9_]+)?",
  // bedrock.JobName
  "[a-zA-Z0-9](-*[a-zA-Z0-9\\+\\-\\.])*",
  // bedrock.ModelCustomizationJobIdentifier
  "(arn:aws(-[^:]+)?:bedrock:[a-z0-9-]{1,20}:[0-9]{12}:model-customization-job/[a-z0-9-]{1,63}[.]{1}[a-z0-9-]{1,63}([a-z0-9-]{1,63}[.]){0,2}[a-z0-9-]{1,63}([:][a-z0-9-]{1,63}){0,2}/[a-z0-9]{12})|([a-zA-Z0-9](-*[a-zA-Z0-9\\+\\-\\.])*)",
  // bedrock.ModelImportJobIdentifier
  "(arn:aws(-[^:]+)?:bedrock:[a-z0-9-]{1,20}:[0-9]{12}:model-import-job/[a-z0-9]{12})|([a-zA-Z0-9](-*[a-zA-Z0-9\\+\\-\\.])*)",
  // bedrock.ModelInvocationJobName
  "[a-zA-Z0-9]{1,63}(-*[a-zA-Z0-9\\+\\-\\.]){0,63}",
  // bedrock-agentcore.UserTokenType
  "[A-Za-z0-9-_=]+.[A-Za-z0-9-_=]+.[A-Za-z0-9-_=]+",
  // cleanrooms.AthenaTableName
  "[a-zA-Z0-9_](([a-zA-Z0-9_]+)*([a-zA-Z0-9_]+))?",
  // ecr.ScanningRepositoryFilterValue
  "^[a-z0-9*](?:[._\\-/a-z0-9*]?[a-z0-9*]+)*$",
  // eventbridgev2.HeaderValue
  "([ \\t]*[\\x20-\\x7E]+([ \\t]+[\\x20-\\x7E]+)*[ \\t]*|\\{%[\\s\\S]+?%\\})",
  // events.AuthHeaderParameters
  "^[ \\t]*[^\\x00-\\x1F:\\x7F]+([ \\t]+[^\\x00-\\x1F:\\x7F]+)*[ \\t]*$",
  // events.HeaderValue
  "^[ \\t]*[\\x20-\\x7E]+([ \\t]+[\\x20-\\x7E]+)*[ \\t]*$",
  // lex-models.SlotName
  "^([A-Za-z](-|_|.)?)+$",
  // medical-imaging.MetadataFilePath
  "[a-zA-Z0-9!-~]+([a-zA-Z0-9!-~ ]*[a-zA-Z0-9!-~]+)*",
  // observabilityadmin.LogGroupNamePattern
  "(?:[\\._\\-/#A-Za-z0-9]+|\\$\\{[A-Za-z]+(?:\\.[A-Za-z]+){1,2}\\})+",
  // partnercentral-selling.CompanyWebsiteUrl
  "(?=.{4,255}$)((http|https)://)??(www[.])??([a-zA-Z0-9]|-)+?([.][a-zA-Z0-9(-|/|=|?)??]+?)+?",
  // personalize-events.EventAttributionSource
  "^[\\x20-\\x7E]*[\\x21-\\x7E]+[\\x20-\\x7E]*$",
  // pipes.HeaderValue
  "[ \\t]*[\\x20-\\x7E]+([ \\t]+[\\x20-\\x7E]+)*[ \\t]*|(\\$(\\.[\\w/_-]+(\\[(\\d+|\\*)\\])*)*)",
  // rds.BlueGreenDeploymentName
  "[a-zA-Z](?:-?[a-zA-Z0-9]+)*",
  // resiliencehub.IamRoleArn
  "^arn:(aws|aws-cn|aws-iso|aws-iso-[a-z]{1}|aws-us-gov):iam::[0-9]{12}:role/(([^/][!-~]+/){1,511})?[A-Za-z0-9_+=,.@-]{1,64}$",
  // resiliencehub.IamRoleName
  "^([^/]([!-~]+/){1,511})?[A-Za-z0-9_+=,.@-]{1,64}$",
  // resiliencehubv2.IamRoleArn
  "arn:(aws|aws-cn|aws-iso|aws-iso-[a-z]{1}|aws-us-gov):iam::[0-9]{12}:role/(([^/][!-~]+/){1,511})?[A-Za-z0-9_+=,.@-]{1,64}",
  // sagemaker.ClusterSchedulerPriorityClassName
  "[a-z0-9]([-a-z0-9]*[a-z0-9]){0,39}?",
];

/**
 * Patterns that JavaScript cannot express, such as the intersection of two classes, or that are no patterns at all. A test
 * compares the list with the models.
 */
export const untranslated: readonly string[] = [
  // autoscaling-plans.ScalingPlanName
  "[\\p{Print}&&[^|:/]]+",
  // budgets.BudgetName
  "^(?![^:\\\\]*/action/|(?i).*<script>.*</script>.*)[^:\\\\]+$",
  // chime-sdk-voice.ClientRequestId
  "^[-_a-zA-Z0-9]*${2,64}$",
  // codeartifact.PackageGroupPattern
  "[^\\p{C}\\p{IsWhitespace}]+",
  // dlm.DescriptionRegex
  "[\\p{all}]*",
  // ds.RadiusSharedSecret
  "^(\\p{LD}|\\p{Punct}| )+$",
  // efs.Path
  "^(\\/|(\\/(?!\\.)+[^$#<>;`|&?{}^*/\\n]+){1,4})$",
  // fsx.VerboseFlag
  "^(?i)(true|false)$",
  // iotsitewise.EnvironmentVariableName
  "(?!(?i)AWS_)[a-zA-Z_][a-zA-Z0-9_]*",
  // iotwireless.CertificatePEM
  "[^-A-Za-z0-9+/=]|=[^=]|={3,}${1,4096}",
  // rbin.RuleArn
  "^arn:\\S+:rbin:[a-z\\-0-9]{0,63}:[0-9]{12}:rule/[0-9a-zA-Z]{11}{0,1011}$",
  // s3files.Path
  "(\\/|(\\/(?!\\.)+[^$#<>;;`|&?{}^*/\\n]+){1,4})",
  // sagemaker.CustomerMetadataKey
  "([\\p{L}\\p{Z}\\p{N}_.:\\/=+\\-@]*)${1,128}",
  // sagemaker.CustomerMetadataValue
  "([\\p{L}\\p{Z}\\p{N}_.:\\/=+\\-@]*)${1,256}",
];

const untried = new Set([...slow, ...untranslated]);

/** Whether requests are not held to a pattern. */
export function isUntried(pattern: string): boolean {
  return untried.has(pattern);
}
