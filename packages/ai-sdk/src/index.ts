/** A provider for the AI SDK over a client of gentask or a tracker: `createGentaskProvider({ gentask })`. */
export { createGentaskProvider } from "./createGentaskProvider.ts"
export type {
  GentaskProvider,
  GentaskProviderOptions,
  GentaskSource,
  TrackerSource
} from "./createGentaskProvider.ts"
export type { SubmittedGeneration } from "./startTasks.ts"
export { GentaskGenerationError } from "./GentaskGenerationError.ts"
export type { GentaskCallOptions } from "./callOptions.ts"
