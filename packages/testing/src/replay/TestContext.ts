import type { SampleResponse } from "@gentask/core/internal"
import type { ProviderSpec } from "@gentask/core/provider"
import type { Recording } from "../recording/Recording.ts"

/** The options of an account without the API key. Unknown members are the provider's settings. */
export type AccountConfig = Readonly<Record<string, unknown>>

/** A task to query, and the account to query it with. */
export interface QueryTarget {
  readonly ref: string
  readonly account: AccountConfig
}

/** A recording that is ready for replay. */
export interface RecordedCase extends QueryTarget {
  /** The name of its file: `done.json`. */
  readonly name: string
  /** The path of its file. */
  readonly path: string
  readonly recording: Recording
  /** The responses to the first request and to each follow-up request. */
  readonly responses: ReadonlyArray<SampleResponse>
}

/** The provider under test, with everything that the checks run it on. */
export interface TestContext {
  readonly spec: ProviderSpec
  readonly apiKey: string
  /** The recordings whose request can be built. */
  readonly cases: ReadonlyArray<RecordedCase>
  /** The spec's examples that are refs of this provider. */
  readonly examples: ReadonlyArray<QueryTarget>
  /** The distinct targets of the examples and recordings whose request can be built. */
  readonly targets: ReadonlyArray<QueryTarget>
}

/** What a query needs of the context. */
export type ProviderContext = Pick<TestContext, "spec" | "apiKey">
