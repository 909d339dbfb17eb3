import type { TargetFile, UploadNote } from "@gentask/core"
import type { FilePart, FileParts } from "./FileParts.ts"
import { MultipartNote } from "./MultipartNote.ts"
import type { S3Client, S3Request, S3Response, S3SendOptions } from "./S3Client.ts"
import { S3Error, responseError } from "./S3Error.ts"
import { digestHeader } from "./StoredObject.ts"
import { abortUpload } from "./uploads.ts"
import { encodeText, rootOf, textOf } from "./xml.ts"

/** How many parts of a file are sent at the same time. */
const concurrency = 4

/**
 * Whether the object may have been stored.
 *
 * - `sent`: the server says so
 * - `changed`: the object or the upload was changed meanwhile, by an earlier attempt or by another process
 */
export type UploadResult = "sent" | "changed"

/** What is uploaded. */
export interface Upload {
  readonly key: string
  readonly file: TargetFile
  readonly parts: FileParts
  readonly note: UploadNote
  /** Whether the upload must fail if an object has the key. */
  readonly isNew: boolean
}

/** A header value in ASCII. The ref of a task may contain any character. */
const toAscii = (text: string): string =>
  text.toWellFormed().replaceAll(/[^!-$&-~]/gu, (character) => encodeURIComponent(character))

const objectHeaders = ({ mediaType, ref, sha256 }: TargetFile): Readonly<Record<string, string>> => ({
  "content-type": mediaType,
  [digestHeader]: sha256,
  "x-amz-meta-ref": toAscii(ref)
})

const conditionOf = ({ isNew }: Upload): Readonly<Record<string, string>> =>
  isNew ? { "if-none-match": "*" } : {}

/** Sends a request that must not replace an object. Without the condition, if the server does not implement it. */
const sendConditional = async (
  client: S3Client,
  request: S3Request,
  condition: Readonly<Record<string, string>>,
  options: S3SendOptions
): Promise<S3Response> => {
  const send = (headers: Readonly<Record<string, string>>, accepts: ReadonlyArray<number>) =>
    client.send(
      { ...request, headers: { ...request.headers, ...headers } },
      { ...options, accepts: [...(options.accepts ?? []), ...accepts] }
    )
  const response = await send(condition, [412, 501])
  if (response.status !== 501) return response
  if (Object.keys(condition).length > 0) return send({}, [412])
  throw responseError(response, client.settings.bucket, response.code)
}

/** Servers report the checksum of what they have received. */
const checksumProblem =
  (expected: string) =>
  ({ headers }: Pick<S3Response, "headers">): string | undefined =>
    (headers["x-amz-checksum-sha256"] ?? expected) === expected
      ? undefined
      : "the server received other bytes than were sent"

const payloadOf = ({ blobOf }: FileParts, part: FilePart) => ({
  blob: blobOf(part),
  sha256: part.sha256.toString("hex")
})

const putWhole = async (
  client: S3Client,
  upload: Upload,
  part: FilePart,
  options: S3SendOptions
): Promise<UploadResult> => {
  const checksum = part.sha256.toString("base64")
  const { status } = await sendConditional(
    client,
    {
      method: "PUT",
      key: upload.key,
      headers: { ...objectHeaders(upload.file), "x-amz-checksum-sha256": checksum },
      payload: payloadOf(upload.parts, part)
    },
    conditionOf(upload),
    { ...options, problemOf: checksumProblem(checksum) }
  )
  return status === 412 ? "changed" : "sent"
}

/** Continues the upload that an earlier attempt has left, or creates one. */
const openUpload = async (
  client: S3Client,
  { key, file, parts, note }: Upload,
  options: S3SendOptions
): Promise<MultipartNote> => {
  const found = await MultipartNote.read(note)
  if (found?.sha256 === file.sha256 && found.partSize === parts.partSize)
    return MultipartNote.resume(note, found)
  if (found !== undefined) await abortUpload(client, key, found.uploadId, options)
  const { text } = await client.send(
    {
      method: "POST",
      key,
      query: { uploads: "" },
      headers: { ...objectHeaders(file), "x-amz-checksum-algorithm": "SHA256" }
    },
    options
  )
  const uploadId = textOf(text, "UploadId")
  if (uploadId === undefined || uploadId === "")
    throw new S3Error("the server returned no id for the upload", { isRetryable: true })
  return MultipartNote.create(note, uploadId, file, parts.partSize)
}

const putPart = async (
  client: S3Client,
  { key, parts }: Upload,
  uploadNote: MultipartNote,
  part: FilePart,
  options: S3SendOptions
): Promise<UploadResult> => {
  if (uploadNote.etagOf(part.number) !== undefined) return "sent"
  const checksum = part.sha256.toString("base64")
  const { status, headers } = await client.send(
    {
      method: "PUT",
      key,
      query: { partNumber: String(part.number), uploadId: uploadNote.uploadId },
      headers: { "x-amz-checksum-sha256": checksum },
      payload: payloadOf(parts, part)
    },
    {
      ...options,
      accepts: [404],
      problemOf: (response) =>
        checksumProblem(checksum)(response) ??
        (response.headers["etag"] === undefined ? "the server returned no entity tag" : undefined)
    }
  )
  if (status === 404) return "changed"
  await uploadNote.add(part.number, headers["etag"] ?? "")
  return "sent"
}

/** Uploads all parts, a few at a time. If one fails, stops the others, and waits until they have stopped. */
const putParts = async (
  client: S3Client,
  upload: Upload,
  uploadNote: MultipartNote,
  options: S3SendOptions
): Promise<UploadResult> => {
  const stop = new AbortController()
  const signal = AbortSignal.any([options.signal, stop.signal])
  const waiting = upload.parts.parts.values()
  let result: UploadResult = "sent"
  const work = async (): Promise<void> => {
    for (const part of waiting) {
      if (result === "changed") return
      if ((await putPart(client, upload, uploadNote, part, { ...options, signal })) === "changed")
        result = "changed"
    }
  }
  const errors: Array<unknown> = []
  const workers = Array.from({ length: concurrency }, () =>
    work().catch((error: unknown) => {
      errors.push(error)
      stop.abort()
    })
  )
  await Promise.all(workers)
  options.signal.throwIfAborted()
  if (errors.length > 0) throw errors[0]
  return result
}

const completeBody = ({ parts }: FileParts, uploadNote: MultipartNote): string => {
  const items = parts.map(({ number, sha256 }) => {
    const etag = encodeText(uploadNote.etagOf(number) ?? "")
    return `<Part><PartNumber>${number}</PartNumber><ETag>${etag}</ETag><ChecksumSHA256>${sha256.toString("base64")}</ChecksumSHA256></Part>`
  })
  return `<CompleteMultipartUpload xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${items.join("")}</CompleteMultipartUpload>`
}

const completeUpload = async (
  client: S3Client,
  upload: Upload,
  uploadNote: MultipartNote,
  options: S3SendOptions
): Promise<UploadResult> => {
  const { status, code } = await sendConditional(
    client,
    {
      method: "POST",
      key: upload.key,
      query: { uploadId: uploadNote.uploadId },
      headers: { "content-type": "application/xml" },
      body: completeBody(upload.parts, uploadNote)
    },
    conditionOf(upload),
    {
      ...options,
      // 404 also after a response was lost. 400: a part of the note is not the one that the server has.
      accepts: [404, 400],
      problemOf: ({ text }) =>
        rootOf(text) === "CompleteMultipartUploadResult" ? undefined : "the response is incomplete"
    }
  )
  if (status === 400 && code !== "InvalidPart" && code !== "InvalidPartOrder" && code !== "BadDigest")
    throw new S3Error(`the server could not join the parts (HTTP 400, ${code ?? "unknown"})`, {
      isRetryable: false,
      httpStatus: 400,
      code
    })
  if (status === 400) await abortUpload(client, upload.key, uploadNote.uploadId, options)
  return status >= 200 && status < 300 ? "sent" : "changed"
}

/**
 * Uploads a file with one request, or in parts. An upload in parts continues the one that its note describes. The note is
 * kept until the upload no longer exists.
 */
export const uploadFile = async (
  client: S3Client,
  upload: Upload,
  options: S3SendOptions
): Promise<UploadResult> => {
  const [first, second] = upload.parts.parts
  if (first === undefined) throw new S3Error("the file has no parts", { isRetryable: false })
  if (second === undefined) return putWhole(client, upload, first, options)
  const uploadNote = await openUpload(client, upload, options)
  const sent = await putParts(client, upload, uploadNote, options)
  const result = sent === "sent" ? await completeUpload(client, upload, uploadNote, options) : sent
  // After 412, the upload still exists.
  if (result === "changed") await abortUpload(client, upload.key, uploadNote.uploadId, options)
  await upload.note.remove()
  return result
}
