/** The resources: snapshots of tasks, and saved files. */
import { createHash } from "node:crypto"
import { toJson } from "@gentask/core"
import { ResourceNotFoundError } from "@modelcontextprotocol/server"
import type {
  CompleteRequestParams,
  ReadResourceResult,
  ResourceTemplateType
} from "@modelcontextprotocol/server"
import type { McpContext } from "../McpOptions.ts"
import { cleanJson, cleanText, untrustedFields, untrustedNote } from "../results/vendorText.ts"
import { canonical } from "../tools/settle.ts"

const taskPrefix = "gentask://task/"
const filePrefix = "gentask://file/"

/** Larger files are described only. */
const maxBlobBytes = 1024 * 1024
const maxCompletions = 50

export const resourceTemplates: ReadonlyArray<ResourceTemplateType> = [
  {
    uriTemplate: `${taskPrefix}{ref}`,
    name: "task",
    title: "Recorded task",
    description: "What is recorded about a task, as JSON. The ref is percent-encoded.",
    mimeType: "application/json"
  },
  {
    uriTemplate: `${filePrefix}{sha256}`,
    name: "file",
    title: "Saved file",
    description:
      "A saved file of up to 1 MiB below the allowed folders. Of larger files, the path and the size as JSON."
  }
]

const json = (uri: string, value: unknown): ReadResourceResult => {
  const clean = cleanJson(value) as Readonly<Record<string, unknown>>
  const fields = untrustedFields(clean)
  const marked = fields.length === 0 ? clean : { ...clean, untrusted: { note: untrustedNote, fields } }
  return { contents: [{ uri, mimeType: "application/json", text: JSON.stringify(marked) }] }
}

const decode = (text: string): string => {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

const readTask = async (uri: string, { backend }: McpContext): Promise<ReadResourceResult> => {
  const details = await backend.show(canonical(decode(uri.slice(taskPrefix.length))))
  if (details === undefined) throw new ResourceNotFoundError(uri)
  const { intentId: intent, ...task } = details.task
  const snapshot = details.snapshot === null ? null : toJson(details.snapshot)
  return json(uri, { task: { ...task, intent }, snapshot, files: details.files })
}

const readSavedFile = async (uri: string, { backend, roots }: McpContext): Promise<ReadResourceResult> => {
  const sha256 = uri.slice(filePrefix.length)
  if (!/^[\da-f]{64}$/.test(sha256)) throw new ResourceNotFoundError(uri)
  for (const file of await backend.findFiles(sha256)) {
    if (!(await roots.contains(file.path))) continue
    if (file.bytes > maxBlobBytes) return json(uri, file)
    const bytes = await roots
      .readFile(file.path, maxBlobBytes)
      .then((blob) => blob.bytes())
      .catch(() => undefined)
    // The path may have another file by now.
    if (bytes === undefined || createHash("sha256").update(bytes).digest("hex") !== sha256) continue
    return {
      contents: [
        { uri, mimeType: cleanText(file.mediaType, 100), blob: Buffer.from(bytes).toString("base64") }
      ]
    }
  }
  throw new ResourceNotFoundError(uri)
}

/** Reads a resource. Rejects with a protocol error if there is no such resource. */
export const readResource = async (uri: string, context: McpContext): Promise<ReadResourceResult> => {
  if (uri.startsWith(taskPrefix)) return readTask(uri, context)
  if (uri.startsWith(filePrefix)) return readSavedFile(uri, context)
  throw new ResourceNotFoundError(uri)
}

/** Completes the ref of a task by the recorded ones. */
export const completeRef = async (
  { ref, argument }: CompleteRequestParams,
  { backend }: McpContext
): Promise<{ readonly values: Array<string>; readonly hasMore: boolean }> => {
  if (ref.type !== "ref/resource" || ref.uri !== `${taskPrefix}{ref}` || argument.name !== "ref")
    return { values: [], hasMore: false }
  const tasks = await backend.list({ limit: 500 })
  const matches = tasks.map((task) => task.ref).filter((each) => each.startsWith(argument.value))
  return { values: matches.slice(0, maxCompletions), hasMore: matches.length > maxCompletions }
}
