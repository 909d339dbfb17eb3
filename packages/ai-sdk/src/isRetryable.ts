/** Whether the same call may succeed later, as errors of gentask and of its tracker report it. */
export const isRetryable = (error: unknown): boolean =>
  (error as { readonly isRetryable?: unknown } | undefined)?.isRetryable === true
