/** What is recorded about a submit before it is sent. */
import { randomUUID } from "node:crypto"
import { ConfigurationError } from "../account/ConfigurationError.ts"
import type { ResolvedAccount } from "../account/ResolvedAccount.ts"
import type { NewIntent } from "../ledger/Ledger.ts"
import { isEmbeddedFile, isInputFile } from "../provider/InputFile.ts"
import { mapFiles } from "../provider/mapFiles.ts"
import type { PreparedSubmit } from "./prepareSubmit.ts"

const keyPattern = /^[\x21-\x7e]{1,255}$/

/** Returns the caller's key, or a new one. @throws {ConfigurationError} If it cannot be sent in a header. */
export const idempotencyKeyOf = (key: unknown = randomUUID()): string => {
  if (typeof key === "string" && keyPattern.test(key)) return key
  throw new ConfigurationError({
    reason: { _tag: "InvalidOption", option: "idempotencyKey" },
    message: "Invalid idempotencyKey: use 1 to 255 visible ASCII characters, such as a UUID."
  })
}

/** Replaces the files in a value by what describes them. */
export const describeFiles = (value: unknown, prepared: PreparedSubmit): unknown =>
  mapFiles(value, (each) => {
    const { id, name, mediaType, size } = isEmbeddedFile(each) ? each.file : each
    return { name, mediaType, size, sha256: prepared.files.get(id)?.sha256 ?? null }
  })

/** Describes the opened files of a submit. */
export const describeOpened = ({ files, uploads }: PreparedSubmit): NewIntent["files"] => {
  const paths = new Map(uploads.map(({ path, file }) => [file.id, path]))
  return [...files.values()].map(({ file: { id, name, mediaType, size }, sha256 }) => ({
    path: paths.get(id) ?? "",
    name,
    mediaType,
    size,
    sha256
  }))
}

/** Whether the record of a submit has all that its request contains. */
const canReplay = (
  { settings }: ResolvedAccount,
  { operation, webhook }: PreparedSubmit,
  input: unknown
): boolean =>
  operation.idempotency?.(settings)?.kind === "replay" && webhook === undefined && !containsFile(input)

const containsFile = (value: unknown): boolean =>
  isInputFile(value) ||
  isEmbeddedFile(value) ||
  (typeof value === "object" && value !== null && Object.values(value).some(containsFile))

/**
 * Creates the record of a submit.
 *
 * @param input The input that will be sent, with the vendor's references instead of uploaded files.
 */
export const intentRecord = (
  account: ResolvedAccount,
  prepared: PreparedSubmit,
  input: PreparedSubmit["input"],
  details: Pick<NewIntent, "idempotencyKey" | "owner" | "traceparent" | "createdAt">
): NewIntent => ({
  id: randomUUID(),
  account: prepared.account,
  origin: account.origin,
  model: prepared.model,
  prompt: prepared.prompt,
  input: describeFiles(input, prepared) as Readonly<Record<string, unknown>>,
  files: describeOpened(prepared),
  digest: prepared.digest,
  canReplay: canReplay(account, prepared, input),
  ...details
})
