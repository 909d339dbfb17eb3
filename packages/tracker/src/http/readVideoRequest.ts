/** Reads the request to create a video: a form, as the package `openai` sends it, or JSON. */
import * as Effect from "effect/Effect"
import type { HttpServerRequest } from "effect/http/HttpServerRequest"
import * as Schema from "effect/Schema"
import type { InlineFile } from "../api/InlineFile.ts"
import type { BodyTooLarge } from "./problems.ts"
import { InvalidRequest, UnsupportedMediaType } from "./problems.ts"
import { invalidRequest, readBody } from "./readJson.ts"
import { SubmitRequest } from "./schemas.ts"
import type { SubmitBody } from "./submitAndWait.ts"

type Media = string | InlineFile

interface Reference {
  readonly media: Media
  readonly mediaType: string
}

/** The fields of a request, before they are checked. */
interface Fields {
  readonly text: Readonly<Record<string, string>>
  readonly reference: Reference | undefined
}

const textFields: ReadonlySet<string> = new Set(["model", "prompt", "seconds", "size"])

const invalid = (detail: string): InvalidRequest => new InvalidRequest({ detail })

const imageUrl = (url: string): Reference => ({ media: url, mediaType: "image/*" })

const toInlineFile = async (file: File): Promise<InlineFile> => ({
  base64: Buffer.from(await file.arrayBuffer()).toString("base64"),
  ...(file.name === "" ? {} : { name: file.name })
})

/** @throws {InvalidRequest} If a field is unknown. */
const readForm = async (body: Uint8Array<ArrayBuffer>, contentType: string): Promise<Fields> => {
  const form = await new Response(body, { headers: { "content-type": contentType } }).formData().catch(() => {
    throw invalid("The form could not be parsed.")
  })
  const text: Record<string, string> = {}
  let reference: Reference | undefined
  for (const [name, value] of form) {
    if (typeof value !== "string" && name === "input_reference")
      reference = { media: await toInlineFile(value), mediaType: value.type }
    else if (typeof value === "string" && name === "input_reference[image_url]") reference = imageUrl(value)
    else if (typeof value === "string" && textFields.has(name)) text[name] = value
    else
      throw invalid(
        `Unknown field ${name.slice(0, 100)}: expected ${[...textFields].join(", ")}, input_reference.`
      )
  }
  return { text, reference }
}

const imageUrlOf = (value: unknown): string | undefined => {
  const url =
    typeof value === "object" && value !== null && "image_url" in value ? value.image_url : undefined
  return typeof url === "string" ? url : undefined
}

/** @throws {InvalidRequest} If a field is unknown or invalid. */
const readObject = (body: Uint8Array): Fields => {
  let json: unknown
  try {
    json = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(body))
  } catch {
    throw invalid("The body is not valid JSON.")
  }
  if (typeof json !== "object" || json === null || Array.isArray(json))
    throw invalid("The body is not an object.")
  const text: Record<string, string> = {}
  let reference: Reference | undefined
  for (const [name, value] of Object.entries(json) as ReadonlyArray<readonly [string, unknown]>) {
    const url = name === "input_reference" ? imageUrlOf(value) : undefined
    if (url !== undefined) reference = imageUrl(url)
    else if (textFields.has(name) && typeof value === "string") text[name] = value
    else if (name === "seconds" && typeof value === "number") text[name] = String(value)
    else
      throw invalid(
        `Invalid field ${name.slice(0, 100)}: expected text in ${[...textFields].join(", ")}, or input_reference with image_url.`
      )
  }
  return { text, reference }
}

const divisor = (a: number, b: number): number => (b === 0 ? a : divisor(b, a % b))

/** Converts `1280x720` to what most vendors accept: `16:9` and `720p`. */
const parseSize = (size: string): Pick<SubmitBody, "aspectRatio" | "resolution"> => {
  const [, width, height] = (/^([1-9]\d{0,4})x([1-9]\d{0,4})$/.exec(size) ?? []).map(Number)
  if (width === undefined || height === undefined)
    throw invalid("Invalid size: expected width and height, such as 1280x720.")
  const common = divisor(width, height)
  return { aspectRatio: `${width / common}:${height / common}`, resolution: `${Math.min(width, height)}p` }
}

const parseSeconds = (seconds: string): number => {
  if (!/^\d{1,4}(?:\.\d{1,3})?$/.test(seconds))
    throw invalid("Invalid seconds: expected a number, such as 8.")
  return Number(seconds)
}

const toSubmitBody = ({ text, reference }: Fields): SubmitBody => {
  const { model = "", prompt, seconds, size } = text
  const colon = model.indexOf(":")
  if (colon < 1 || colon === model.length - 1)
    throw invalid("Invalid model: expected the account and the vendor's model, such as sora:sora-2.")
  return {
    account: model.slice(0, colon),
    model: model.slice(colon + 1),
    ...(prompt === undefined ? {} : { prompt }),
    ...(seconds === undefined ? {} : { duration: parseSeconds(seconds) }),
    ...(size === undefined ? {} : parseSize(size)),
    ...(reference === undefined
      ? {}
      : { [reference.mediaType.startsWith("video/") ? "videos" : "images"]: [reference.media] })
  }
}

/** Reads the request to create a video. */
export const readVideoRequest = (
  request: HttpServerRequest,
  maxBytes: number
): Effect.Effect<SubmitBody, BodyTooLarge | InvalidRequest | UnsupportedMediaType> =>
  Effect.gen(function* () {
    const contentType = request.headers["content-type"] ?? ""
    const [mediaType = ""] = contentType.split(";", 1)
    const isForm = mediaType.trim().toLowerCase() === "multipart/form-data"
    if (!isForm && mediaType.trim().toLowerCase() !== "application/json")
      return yield* new UnsupportedMediaType({ detail: "Send a multipart form or JSON." })
    const body = Uint8Array.from(yield* readBody(request, maxBytes))
    const submit = yield* Effect.tryPromise({
      try: async () => toSubmitBody(isForm ? await readForm(body, contentType) : readObject(body)),
      catch: (error) => (error instanceof InvalidRequest ? error : invalid("The request could not be read."))
    })
    // The same limits as for `POST /v1/tasks`.
    return yield* Schema.decodeUnknownEffect(SubmitRequest)(submit, { errors: "all" }).pipe(
      Effect.mapError((error) => invalidRequest(error, "body"))
    )
  })
