import type { SampleResponse } from "@gentask/core/internal"
import type { OperationName, OperationRecording } from "../recording/OperationRecording.ts"
import type { AccountConfig, ProviderContext } from "../replay/TestContext.ts"

/** A recording of another operation than a query, ready for replay. */
export interface OperationCase {
  /** The name of its file: `accepted.json`. */
  readonly name: string
  /** The path of its file. */
  readonly path: string
  readonly operation: OperationName
  readonly recording: OperationRecording
  readonly account: AccountConfig
  /** The recorded response. That of a webhook is the request of the vendor. */
  readonly response: SampleResponse
}

/** The provider under test, with the recordings of its operations. */
export interface OperationContext extends ProviderContext {
  readonly cases: ReadonlyArray<OperationCase>
  /** The accounts of the examples and recordings. */
  readonly accounts: ReadonlyArray<AccountConfig>
  /** The refs of the examples and recordings. */
  readonly refs: ReadonlyArray<string>
}
