/** Saves the outputs of gentask's tasks in S3 and other object stores with its API. */
export type { S3Credentials, S3TargetOptions } from "./S3TargetOptions.ts"
export { s3Target } from "./s3Target.ts"
