/**
 * What gentask's own packages need of submits. An entry of its own, so that commands that follow tasks do not load it. Not
 * covered by semantic versioning: do not import it from anywhere else.
 */
export { cancelDecoder } from "./cancelTask.ts"
export { containsRecordedFile } from "./containsRecordedFile.ts"
export { decodeSubmit } from "./decodeSubmit.ts"
export { decodeSubmitError } from "./decodeSubmitError.ts"
export { digestJson } from "./digestJson.ts"
export type { FirstSnapshots } from "./firstSnapshots.ts"
export { firstSnapshots } from "./firstSnapshots.ts"
export { invalidInput } from "./invalidInput.ts"
export type { JsonSchema } from "./modelFields.ts"
export { jsonSchemaOf } from "./modelFields.ts"
export type { SubmitPreview } from "./previewSubmit.ts"
export { previewSubmit } from "./previewSubmit.ts"
