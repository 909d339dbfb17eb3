import { TaskRef } from "@gentask/core"
import { lowerCaseHeaders } from "../recording/lowerCaseHeaders.ts"
import { operationOf } from "../recording/parseOperationRecording.ts"
import type { RecordingFile } from "../recording/readRecordings.ts"
import { withEndpoint } from "../replay/createTestContext.ts"
import type { AccountConfig, TestContext } from "../replay/TestContext.ts"
import type { OperationCase, OperationContext } from "./OperationContext.ts"

const distinct = (accounts: ReadonlyArray<AccountConfig>): ReadonlyArray<AccountConfig> => [
  ...new Map(accounts.map((account) => [JSON.stringify(account), account])).values()
]

/** Creates the context of the checks of operations besides the query. */
export const createOperationContext = (
  { spec, apiKey, targets }: TestContext,
  files: ReadonlyArray<RecordingFile>,
  defaults: AccountConfig
): OperationContext => {
  const cases = files.flatMap((file): ReadonlyArray<OperationCase> => {
    const { name, path, operation: recording } = file
    const operation = operationOf(recording)
    if (recording === undefined || operation === undefined) return []
    const { account = {}, cancel = "", answer, webhook, at } = recording
    const { headers = {}, body = "" } = webhook ?? answer ?? {}
    return [
      {
        name,
        path,
        operation,
        recording,
        account: withEndpoint(spec, cancel, { ...defaults, ...account }),
        response: {
          status: answer?.status,
          headers: lowerCaseHeaders(headers),
          body,
          at: at === undefined ? 0 : Date.parse(at)
        }
      }
    ]
  })
  const endpoints = Object.keys(spec.endpoints).map((endpoint) => ({ ...defaults, endpoint }))
  return {
    spec,
    apiKey,
    cases,
    accounts: distinct([...cases.map(({ account }) => account), ...endpoints]),
    refs: [
      ...new Set([
        ...targets.map(({ ref }) => TaskRef.format(TaskRef.parse(ref))),
        ...cases.flatMap(({ recording: { cancel } }) => cancel ?? [])
      ])
    ]
  }
}
