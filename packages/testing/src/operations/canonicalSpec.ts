import { resolveRequest } from "@gentask/core/internal"
import type { ResolvedAccount } from "@gentask/core/internal"
import { isEmbeddedFile, isInputFile } from "@gentask/core/provider"
import type { RequestSpec, UncredentialedRequest } from "@gentask/core/provider"
import { canonicalRecordedRequest } from "../replay/canonicalRequest.ts"
import type { RecordedOperationRequest } from "../recording/OperationRecording.ts"
import { mapValues } from "./buildSubmit.ts"

/** Writes the files in a body as a recording does. */
const nameFiles = (body: unknown): unknown =>
  mapValues(body, (value) => {
    if (isEmbeddedFile(value)) return { file: value.file.name, as: value.as }
    return isInputFile(value) ? { file: value.name } : undefined
  })

const toJson = (value: unknown): unknown =>
  value === undefined ? undefined : (JSON.parse(JSON.stringify(value)) as unknown)

type Described = Pick<RequestSpec, "body" | "form" | "multipart" | "file">

const recordedBody = ({ body, form, multipart, file }: Described): Partial<RecordedOperationRequest> => ({
  ...(body === undefined ? {} : { body: toJson(nameFiles(body)) }),
  ...(form === undefined ? {} : { form }),
  ...(multipart === undefined
    ? {}
    : {
        multipart: multipart.map((field) =>
          "file" in field ? { name: field.name, file: field.file.name } : field
        )
      }),
  ...(file === undefined ? {} : { file: file.name })
})

/** Returns the absolute URL of a request. Throws if the path is not the one that the request describes. */
export const urlOf = (account: ResolvedAccount, spec: RequestSpec): URL => {
  const { method, path, host, query } = spec
  return resolveRequest(account, { method, path, host, query }).request.url
}

/** Converts a request to the form of a recording. */
export const toRecordedRequest = (account: ResolvedAccount, spec: RequestSpec): RecordedOperationRequest => ({
  method: spec.method,
  url: urlOf(account, spec).href,
  ...(spec.headers === undefined ? {} : { headers: spec.headers }),
  ...recordedBody(spec)
})

/** Converts a request without credentials to the form of a recording. */
export const toRecordedUpload = ({ method, url, headers, ...body }: UncredentialedRequest) => ({
  method,
  url,
  ...(headers === undefined ? {} : { headers }),
  ...recordedBody(body)
})

/** Converts a recorded request to a form that is equal for equivalent requests. */
export const canonicalOperationRequest = ({
  method,
  url,
  headers = {},
  body,
  form,
  multipart,
  file
}: RecordedOperationRequest) => ({
  ...canonicalRecordedRequest({
    method: method as "GET" | "POST",
    url,
    // Core adds it. Whether the provider does so, too, does not matter.
    headers: Object.fromEntries(
      Object.entries(headers).filter(([name]) => name.toLowerCase() !== "content-type")
    ),
    body
  }),
  form,
  multipart,
  file
})
