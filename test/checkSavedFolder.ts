import { createHash } from "node:crypto"
import { readdir, readFile } from "node:fs/promises"
import { basename } from "node:path"
import type { MediaFormat } from "@gentask/emulator"
import type { SavedFile } from "@gentask/core"

/** What checking a file needs of a saved output. */
export type CheckedFile = Pick<SavedFile, "path" | "sha256" | "mediaType" | "alreadySaved"> & {
  readonly output: Pick<SavedFile["output"], "url">
}

/**
 * The name of the emulator's file that a link leads to. Each link to it has another signature or token. A link to an
 * endpoint names the file in its path and in its query.
 */
const fileNameOf = (url: string): string => {
  const { pathname, searchParams } = new URL(url)
  const segments = pathname.split("/")
  if (segments[1] === "media")
    return segments
      .slice(5)
      .filter((segment) => !segment.startsWith("~"))
      .join("/")
  searchParams.delete("_fault")
  searchParams.sort()
  return searchParams.size === 0 ? pathname : `${pathname}?${searchParams.toString()}`
}

/** Identifies an output: the file on the server, or the digest of inline media. */
const keyOf = ({ output, sha256 }: CheckedFile): string =>
  output.url === null ? sha256 : fileNameOf(output.url)

/** The extension in the name of a file, which some endpoints do not have. */
const extensionOf = (name: string): string | undefined => /\.(png|jpeg|webp|gif|mp4|wav)\b/.exec(name)?.[1]

const checkFile = async (file: CheckedFile, digest: string): Promise<ReadonlyArray<string>> => {
  const sha256 = createHash("sha256")
    .update(await readFile(file.path))
    .digest("hex")
  const manifest = JSON.parse(await readFile(`${file.path}.json`, "utf8")) as Readonly<
    Record<string, unknown>
  >
  const source = manifest["source"]
  const isRightSource =
    file.output.url === null
      ? source === null
      : typeof source === "string" && fileNameOf(source) === fileNameOf(file.output.url.replace(/\?.*$/, ""))
  return [
    ...(sha256 === digest && file.sha256 === digest ? [] : [`${file.path}: the digest differs`]),
    ...(manifest["sha256"] === digest && manifest["file"] === basename(file.path)
      ? []
      : [`${file.path}: the manifest describes another file`]),
    ...(isRightSource ? [] : [`${file.path}: the source is ${String(source)}`])
  ]
}

/**
 * Checks the folder of a task: it contains nothing but its outputs, each of them once, completely, and with a manifest
 * that has the right source.
 *
 * @param saved The results of all calls of `save`.
 * @param count The number of outputs of the task. Some responses list more.
 * @param digestOf Returns the digest of the file that the vendor serves in a format.
 * @returns What is wrong.
 */
export const checkSavedFolder = async (
  dir: string,
  saved: ReadonlyArray<CheckedFile>,
  count: number,
  digestOf: (format: MediaFormat) => Promise<string>
): Promise<ReadonlyArray<string>> => {
  const problems: Array<string> = []
  const paths = [...new Set(saved.map(({ path }) => path))]
  const expected = paths.flatMap((path) => [basename(path), `${basename(path)}.json`]).toSorted()
  const names = (await readdir(dir)).toSorted()
  if (names.join() !== expected.join())
    problems.push(`${dir} contains ${names.join()}, not ${expected.join()}`)
  for (const path of paths) {
    const results = saved.filter((file) => file.path === path)
    const [file] = results
    const times = results.filter(({ alreadySaved }) => !alreadySaved).length
    if (times > 1) problems.push(`${path} was saved ${times} times`)
    const outputs = new Set(results.map(keyOf))
    if (outputs.size !== 1) problems.push(`${path} is the file of ${[...outputs].join(" and ")}`)
    if (file === undefined) continue
    const format = file.mediaType.split("/")[1] as MediaFormat
    problems.push(...(await checkFile(file, await digestOf(format))))
    const extension = file.output.url === null ? undefined : extensionOf(keyOf(file))
    const isRightKind = extension === undefined || extension === format
    if (!isRightKind) problems.push(`${path} does not have the format of ${keyOf(file)}`)
  }
  const outputs = new Set(saved.map(keyOf))
  if (outputs.size !== paths.length || outputs.size < count)
    problems.push(`${dir}: ${outputs.size} of ${count} outputs have ${paths.length} files`)
  return problems
}
