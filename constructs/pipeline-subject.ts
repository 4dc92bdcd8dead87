/**
 * The subject that a pipeline's token must have. Its first part after the type is complete, because * and ? match anything:
 * `repo:e*` would accept every organization that begins with e.
 */
export const pipelineSubject = {
  pattern: /^\w+:[^*?/:\s]+(?:[/:]\S*)?$/,
  /** Follows "must". */
  rule: "name the owner whose tokens are accepted in full, before any * or ?, such as repo:example/serverless-app:*",
} as const;
