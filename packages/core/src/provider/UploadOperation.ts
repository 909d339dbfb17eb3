import type { StandardSchemaV1 } from "@standard-schema/spec"
import type { ErrorReason } from "./ErrorReason.ts"
import type { InputFile } from "./InputFile.ts"
import type { JsonObject } from "./jsonObject.ts"
import type { RequestSpec, UncredentialedRequest } from "./RequestSpec.ts"
import type { ResponseHead } from "./ResponseHead.ts"

/** What the response to an upload means. */
export type UploadOutcome =
  /** The vendor has the file. `reference` replaces it in the input: a URL or an id. */
  | { readonly _tag: "Uploaded"; readonly reference: string }
  /** The file must be sent to a URL of the vendor's storage. `reference` replaces it in the input afterwards. */
  | { readonly _tag: "SendTo"; readonly request: UncredentialedRequest; readonly reference: string }
  /** The vendor did not accept the file. */
  | { readonly _tag: "Error"; readonly reason: ErrorReason }

/** How to upload a file before the task that needs it is submitted. All functions are pure. */
export interface UploadOperation<Settings = unknown, Body = JsonObject> {
  /** Describes the request. Undefined if the account's endpoint accepts URLs only. */
  readonly request: (file: InputFile, settings: Settings, model: string) => RequestSpec | undefined
  /** The schema of a response. @default any JSON object */
  readonly response?: StandardSchemaV1<unknown, Body> | undefined
  /** Decodes a 2xx response that matches `response`. */
  readonly decode: (body: Body, head: ResponseHead, file: InputFile) => UploadOutcome
  /** The documented maximum size of a file, in bytes. Checked before anything is sent. @default no limit */
  readonly maxBytes?: number | undefined
  /** The documented media types, such as `image/png` or `video/*`. Checked before anything is sent. @default all */
  readonly mediaTypes?: ReadonlyArray<string> | undefined
}
