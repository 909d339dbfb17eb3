import type { ProviderSpec } from "@gentask/core/provider"
import { knownCheck } from "./Check.ts"
import type { Check } from "./Check.ts"
import { apiKeyChecks } from "./checks/apiKeyChecks.ts"
import { operationChecks } from "./checks/operationChecks.ts"
import { coverageChecks } from "./checks/coverageChecks.ts"
import { errorChecks } from "./checks/errorChecks.ts"
import { expectationChecks } from "./checks/expectationChecks.ts"
import { purityChecks } from "./checks/purityChecks.ts"
import { queryInputChecks } from "./checks/queryInputChecks.ts"
import { refChecks } from "./checks/refChecks.ts"
import { requestChecks } from "./checks/requestChecks.ts"
import { secretCheck } from "./checks/secretCheck.ts"
import { shapeChecks } from "./checks/shapeChecks.ts"
import { checkSpecShape, specChecks } from "./checks/specChecks.ts"
import { statusChecks } from "./checks/statusChecks.ts"
import { errorMessage } from "./errorMessage.ts"
import { readRecordings } from "./recording/readRecordings.ts"
import type { RecordingFolder } from "./recording/readRecordings.ts"
import { createOperationContext } from "./operations/createOperationContext.ts"
import { createTestContext } from "./replay/createTestContext.ts"
import type { TestContext } from "./replay/TestContext.ts"
import { withoutNetwork } from "./sandbox/sandbox.ts"

/** Options of the conformance kit. */
export interface ConformanceOptions {
  /** A made-up API key in the vendor's format, for an `authorize` that parses it. @default a key that begins with `sk-` */
  readonly apiKey?: string | undefined
  /**
   * Options of every account, such as settings without a default. The options of a recording's `account` override them.
   *
   * @default {}
   */
  readonly account?: Readonly<Record<string, unknown>> | undefined
}

const recordingChecks = (folder: RecordingFolder): ReadonlyArray<Check> => [
  knownCheck("the recordings folder contains recordings", folder.ok ? undefined : folder.problem),
  ...(folder.ok ? folder.files : []).flatMap((file) => [
    knownCheck(`${file.name}: the file is a valid recording`, file.problem),
    secretCheck(file)
  ])
]

const replayChecks: ReadonlyArray<(context: TestContext) => ReadonlyArray<Check>> = [
  requestChecks,
  expectationChecks,
  coverageChecks,
  errorChecks,
  shapeChecks,
  statusChecks,
  apiKeyChecks,
  purityChecks,
  refChecks
]

const buildChecks = (
  value: unknown,
  recordings: URL | string,
  { apiKey = "sk-conformance-0c6f5d2e81", account = {} }: ConformanceOptions
): ReadonlyArray<Check> => {
  const folder = readRecordings(recordings)
  const { check, spec } = checkSpecShape(value)
  const fileChecks = [check, ...recordingChecks(folder)]
  if (spec === undefined) return fileChecks
  const valid = (folder.ok ? folder.files : []).flatMap(({ name, path, recording }) =>
    recording === undefined ? [] : [{ name, path, recording }]
  )
  const { context, rejected } = createTestContext({ spec, apiKey }, valid, account)
  const operations = operationChecks(createOperationContext(context, folder.ok ? folder.files : [], account))
  const checks = [...fileChecks, ...specChecks(spec), ...queryInputChecks(context)]
  // If no request can be built, these checks report why. All others would fail for the same reason.
  if (context.examples.length > 0 && context.targets.length === 0) return [...checks, ...operations]
  return [
    ...checks,
    ...rejected.map(({ name, problem }) => knownCheck(`${name}: the request can be built`, problem)),
    ...replayChecks.flatMap((checksOf) => checksOf(context)),
    ...operations
  ]
}

/**
 * Returns the checks of a provider, for any test runner. It never throws: a problem of the spec or of the recordings is a
 * check that fails. The only I/O is to read the recordings. With the environment variable `GENTASK_RECORD=1`, a check
 * also writes `means` into a recording that has none.
 *
 * @example
 *   for (const check of conformance(spec, new URL("recordings/", import.meta.url))) it(check.name, check.run)
 *
 * @param spec The provider under test.
 * @param recordings The folder of recordings, as a path or as a `file:` URL.
 * @param options A made-up key and account options, for a provider that needs them.
 */
export const conformance = (
  spec: ProviderSpec,
  recordings: URL | string,
  options: ConformanceOptions = {}
): ReadonlyArray<Check> => {
  try {
    return withoutNetwork(() => buildChecks(spec, recordings, options)).map(({ name, run }) => ({
      name,
      run: () => withoutNetwork(run)
    }))
  } catch (error) {
    const problem = `The checks cannot be built, because the provider throws: ${errorMessage(error)}. Fix this first.`
    return [knownCheck("the checks can be built", problem)]
  }
}
