/** The conformance kits of the provider contract and of ledgers, and helpers for the tests of provider packages. */
export type { DecodedResponse, SampleResponse } from "@gentask/core/internal"
export { decodeRecorded, requestOf } from "@gentask/core/internal"
export type { Check } from "./Check.ts"
export { ConformanceError } from "./ConformanceError.ts"
export type { ConformanceOptions } from "./conformance.ts"
export { conformance } from "./conformance.ts"
export type { LedgerCheck } from "./ledger/LedgerCheck.ts"
export { ledgerConformance } from "./ledger/ledgerConformance.ts"
export type {
  ExpectedError,
  ExpectedFailure,
  ExpectedOutput,
  ExpectedSnapshot,
  Expectation
} from "./recording/Expectation.ts"
export type { RecordedFollowUp, RecordedRequest, RecordedResponse, Recording } from "./recording/Recording.ts"
export type {
  ExpectedAmount,
  ExpectedTask,
  OperationExpectation,
  OperationName,
  OperationRecording,
  RecordedField,
  RecordedFile,
  RecordedOperationRequest,
  RecordedRecover,
  RecordedSubmit,
  RecordedUpload,
  RecordedWebhook
} from "./recording/OperationRecording.ts"
export { operationNames } from "./recording/OperationRecording.ts"
export { outcomeOfOperation } from "./sampleOperation.ts"
export type { SampleSubmit } from "./sampleSubmit.ts"
export {
  embedded,
  hostileBodies,
  outcomeOfSubmit,
  requestOfSubmit,
  sampleFile,
  validateSubmit
} from "./sampleSubmit.ts"
