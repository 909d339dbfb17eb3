/** Replaces the media of an input by handles of opened files. */
import { commonInputNames } from "../provider/CommonInput.ts"
import type { CommonInput, CommonInputName } from "../provider/CommonInput.ts"
import { isJsonObject } from "../provider/jsonObject.ts"
import type { InputFile } from "../provider/InputFile.ts"
import type { InputProblem } from "../account/InputProblem.ts"
import { isFileSource, openMediaSource } from "./openMediaSource.ts"
import type { OpenedFile } from "./openMediaSource.ts"
import type { SubmitInput } from "./SubmitInput.ts"

/** Files by the id of their handle. */
export type OpenedFiles = ReadonlyMap<string, OpenedFile>

/** An input whose media are URLs and handles of files. */
export interface OpenedInput {
  readonly common: CommonInput
  readonly input: Readonly<Record<string, unknown>>
  readonly files: OpenedFiles
  readonly problems: ReadonlyArray<InputProblem>
}

type Kind = "image" | "video" | "audio"

const kindNames: Readonly<Record<Kind, string>> = { image: "an image", video: "a video", audio: "audio" }

/** The kinds of media that the common inputs accept. */
const kinds: Readonly<Partial<Record<CommonInputName, Kind>>> = {
  images: "image",
  firstFrame: "image",
  lastFrame: "image",
  videos: "video",
  audios: "audio"
}

type TypeCheck = readonly [isValid: (value: unknown) => boolean, expected: string]

const text: TypeCheck = [(value) => typeof value === "string", "expected text"]
const list: TypeCheck = [Array.isArray, "expected a list"]
const number: TypeCheck = [Number.isFinite, "expected a finite number"]

/** The types of the other common inputs. A model without a schema would send any value, and NaN as null. */
const types: Readonly<Partial<Record<CommonInputName, TypeCheck>>> = {
  prompt: text,
  images: list,
  videos: list,
  audios: list,
  aspectRatio: text,
  resolution: text,
  duration: number,
  count: number,
  seed: number
}

/** JSON has no such value: it would be left out, become null, or throw. */
const isUnsendable = (value: unknown): boolean =>
  typeof value === "number"
    ? !Number.isFinite(value)
    : typeof value === "bigint" || typeof value === "function" || typeof value === "symbol"

/** A URL, or the vendor's name of an asset, such as `asset://1234`. */
const isLink = (text: string): boolean => /^[a-z][a-z0-9+.-]*:/i.test(text) && !/^[a-z]:[\\/]/i.test(text)

/** Schemes that only this machine, or other programs, can read. Vendors name assets with schemes of their own. */
const unreadableLink = /^(?:file|blob|ftps?|sftp):/i

const inlineLink = /^data:/i
/** The base64 ends in a character other than a space, or a long URL with many spaces would take minutes. */
const dataUrl = /^data:([\w.+-]+\/[\w.+-]+)(?:;[\w.+-]+=[^;,]*)*;base64,([\w+/\s-]*[\w+/-]={0,2})\s*$/i

const maxQuotedLength = 100

/** Quotes the beginning of a text, which may be a whole file. */
const quote = (text: string): string =>
  JSON.stringify(text.length > maxQuotedLength ? `${text.slice(0, maxQuotedLength)}…` : text)

class InputOpener {
  readonly files = new Map<string, OpenedFile>()
  readonly problems: Array<InputProblem> = []

  async open(value: unknown, path: string, kind?: Kind): Promise<unknown> {
    if (value instanceof URL) return this.open(value.href, path, kind)
    if (typeof value === "string")
      return kind !== undefined && inlineLink.test(value)
        ? this.#inline(value, path, kind)
        : this.#link(value, path, kind)
    if (isFileSource(value)) return this.#file(value, path, kind)
    if (Array.isArray(value)) return this.#list(value, path, kind)
    if (kind !== undefined) {
      this.problems.push({ path, message: "expected a URL, { path }, a Blob, bytes or a stream" })
      return undefined
    }
    if (isUnsendable(value)) {
      this.problems.push({ path, message: `expected a JSON value, received ${String(value)}` })
      return undefined
    }
    if (typeof value !== "object" || value === null || Object.getPrototypeOf(value) !== Object.prototype)
      return value
    return this.openMembers(value, path)
  }

  async openMembers(value: object, path: string): Promise<Readonly<Record<string, unknown>>> {
    const members: Array<readonly [string, unknown]> = []
    for (const [name, member] of Object.entries(value))
      members.push([name, await this.open(member, join(path, name))])
    // Not by assignment, which would drop a member named `__proto__` before it is validated.
    return Object.fromEntries(members)
  }

  #link(value: string, path: string, kind: Kind | undefined): string {
    if (kind !== undefined && !isLink(value))
      this.problems.push({
        path,
        message: `${quote(value)} is not a URL. For a file on this machine, use { path: ${quote(value)} }`
      })
    else if (kind !== undefined && /^https?:/i.test(value) && !URL.canParse(value))
      this.problems.push({ path, message: `${quote(value)} is not a valid URL` })
    else if (kind !== undefined && unreadableLink.test(value))
      this.problems.push({
        path,
        message: `Vendors cannot read ${quote(value)}. Use an http or https URL, or the path of a file`
      })
    return value
  }

  /** Opens a `data:` URL as the file that it contains: vendors differ in whether they read such URLs. */
  async #inline(url: string, path: string, kind: Kind): Promise<InputFile | undefined> {
    const [, type, base64 = ""] = dataUrl.exec(url) ?? []
    if (type !== undefined) return this.#file(new Blob([Buffer.from(base64, "base64")], { type }), path, kind)
    this.problems.push({
      path,
      message: `${quote(url)} is not a data: URL with a media type and base64`
    })
    return undefined
  }

  async #list(values: ReadonlyArray<unknown>, path: string, kind: Kind | undefined): Promise<unknown> {
    const opened: Array<unknown> = []
    for (const [index, value] of values.entries())
      opened.push(await this.open(value, join(path, String(index)), kind))
    return opened
  }

  async #file(
    source: Parameters<typeof openMediaSource>[0],
    path: string,
    kind: Kind | undefined
  ): Promise<InputFile | undefined> {
    try {
      const opened = await openMediaSource(source, String(this.files.size + 1))
      const { name, mediaType } = opened.file
      if (kind !== undefined && !mediaType.startsWith(`${kind}/`)) {
        this.problems.push({
          path,
          message: `expected ${kindNames[kind]}, but ${name} is ${mediaType}`
        })
        return undefined
      }
      this.files.set(opened.file.id, opened)
      return opened.file
    } catch (error) {
      this.problems.push({ path, message: error instanceof Error ? error.message : String(error) })
      return undefined
    }
  }
}

const join = (path: string, name: string): string => (path === "" ? name : `${path}.${name}`)

/** Opens all files of an input, and reports those that cannot be used. */
export const openInput = async (request: SubmitInput): Promise<OpenedInput> => {
  const opener = new InputOpener()
  const common: Record<string, unknown> = {}
  for (const name of commonInputNames) {
    const value = request[name]
    if (value === undefined) continue
    const [isValid, message] = types[name] ?? []
    if (isValid?.(value) === false) opener.problems.push({ path: name, message: String(message) })
    else common[name] = await opener.open(value, name, kinds[name])
  }
  const ownInput: unknown = request.input ?? {}
  const isObject = isJsonObject(ownInput)
  if (!isObject) opener.problems.push({ path: "input", message: "expected an object" })
  const input = isObject ? await opener.openMembers(ownInput, "input") : {}
  return { common, input, files: opener.files, problems: opener.problems }
}
