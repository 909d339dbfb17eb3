/**
 * kie.ai's upload host: `file-stream-upload`, `file-base64-upload` and `file-url-upload`.
 *
 * Documented: the paths, the fields, and the response with `data.downloadUrl` (docs.kie.ai, File Upload API). Invented:
 * the code of invalid requests, and that `file-url-upload` stores the link's text: the emulator fetches nothing.
 */
import { randomUUID } from "node:crypto"
import { extname } from "node:path"
import { parseObject } from "../../json.ts"
import { jsonResponse } from "../../WireResponse.ts"
import type { WireResponse } from "../../WireResponse.ts"
import { link, problemIn, text, textIn } from "../bodyFields.ts"
import type { BodyFields } from "../bodyFields.ts"
import type { EndpointContext, PlainEndpoint } from "../VendorEndpoint.ts"
import { mebibyte } from "../VendorEndpoint.ts"

interface Upload {
  readonly name: string
  readonly folder: string
  readonly mediaType: string
  readonly content: Uint8Array
}

const invalid = (msg: string): WireResponse =>
  jsonResponse(200, { success: false, code: 400, msg, data: null })

const isFolder = (path: string): boolean => path !== "" && !path.startsWith("/") && !path.endsWith("/")

const store = (
  { name, folder, mediaType, content }: Upload,
  { uploads, caller, now }: EndpointContext
): WireResponse => {
  if (!isFolder(folder)) return invalid("uploadPath is required, without a slash at its ends")
  const { url, size } = uploads.add({ service: "kie", apiKey: caller.apiKey, name, mediaType, content })
  return jsonResponse(200, {
    success: true,
    code: 200,
    msg: "File uploaded successfully",
    data: {
      fileName: name,
      filePath: `${folder}/${name}`,
      downloadUrl: url,
      fileSize: size,
      mimeType: mediaType,
      uploadedAt: new Date(now).toISOString()
    }
  })
}

const endpoint = (maxBodySize: number, respond: PlainEndpoint["respond"]): PlainEndpoint => ({
  purpose: "upload",
  access: "key",
  maxBodySize,
  respond
})

const stream = endpoint(101 * mebibyte, ({ form }, context) => {
  const valueOf = (name: string): string => {
    const field = form?.get(name)
    return typeof field?.content === "string" ? field.content : ""
  }
  const file = form?.get("file")
  if (file === undefined || typeof file.content === "string") return invalid("file is required")
  return store(
    {
      // Documented: without a name, the file gets a random one.
      name: valueOf("fileName") || randomUUID() + extname(file.name),
      folder: valueOf("uploadPath"),
      mediaType: file.type || "application/octet-stream",
      content: file.content
    },
    context
  )
})

const dataUrl = /^data:([\w.+-]+\/[\w.+-]+);base64,(.*)$/s

const json =
  (fields: BodyFields, read: (body: Readonly<Record<string, unknown>>) => Upload): PlainEndpoint["respond"] =>
  ({ body }, context) => {
    const parsed = parseObject(body)
    const problem = parsed === undefined ? "The body must be a JSON object." : problemIn(parsed, fields)
    return parsed === undefined || problem !== undefined
      ? invalid(problem ?? "")
      : store(read(parsed), context)
  }

const nameIn = (body: Readonly<Record<string, unknown>>): string => textIn(body, "fileName") ?? randomUUID()

const base64 = endpoint(
  64 * mebibyte,
  json({ required: { base64Data: text(), uploadPath: text() }, optional: { fileName: text() } }, (body) => {
    const data = textIn(body, "base64Data") ?? ""
    const [, mediaType = "application/octet-stream", encoded = data] = dataUrl.exec(data) ?? []
    return {
      name: nameIn(body),
      folder: textIn(body, "uploadPath") ?? "",
      mediaType,
      content: Buffer.from(encoded, "base64")
    }
  })
)

const url = endpoint(
  mebibyte,
  json({ required: { fileUrl: link, uploadPath: text() }, optional: { fileName: text() } }, (body) => ({
    name: nameIn(body),
    folder: textIn(body, "uploadPath") ?? "",
    mediaType: "text/plain",
    content: Buffer.from(textIn(body, "fileUrl") ?? "")
  }))
)

/** The upload endpoints by method and path. */
export const kieUploads: Readonly<Record<string, PlainEndpoint>> = {
  "POST /api/file-stream-upload": stream,
  "POST /api/file-base64-upload": base64,
  "POST /api/file-url-upload": url
}
