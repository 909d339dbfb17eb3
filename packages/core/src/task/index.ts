/** What a task is: pure data, and nothing that asks about it. */
export type { Failure, FailureReason } from "./Failure.ts"
export type { InlineMedia, Output, OutputKind, OutputRole } from "./Output.ts"
export { InvalidTaskRef } from "./TaskRef.ts"
export * as TaskRef from "./TaskRef.ts"
export type { SucceededSnapshot, TaskSnapshot, TerminalSnapshot } from "./TaskSnapshot.ts"
export { toJson } from "./TaskSnapshot.ts"
export type { TaskStatus, TerminalStatus } from "./TaskStatus.ts"
export { isTerminal } from "./TaskStatus.ts"
