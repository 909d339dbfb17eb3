/** The files of a task. Each node has its own, in lists such as `images`, `gifs`, `video` and `audio`. */
import { firstStringAt, kindFromUrl, valueAt } from "@gentask/core/provider"
import type { OutputDraft, OutputKind, SnapshotDraft } from "@gentask/core/provider"

const mediaKind = /^(image|video|audio)\//

/** The kinds of the lists whose files may have any extension. */
const listKinds: ReadonlyMap<string, OutputKind> = new Map([
  ["images", "image"],
  ["audio", "audio"],
  ["video", "video"],
  ["videos", "video"],
  ["3d", "model"]
])

/** The name of a file may contain characters that would end the path of a URL. */
const kindFromName = (name: string): OutputKind | undefined => kindFromUrl(name.replaceAll(/[?#]/g, "_"))

/** What a file is. The list `images` may contain videos, and `gifs` any animation or video. */
const kindOf = (file: unknown, list: string, name: string, isAnimated: boolean): OutputKind | undefined => {
  if (/\.(?:gif|apng)$/i.test(name)) return "animation"
  const format = mediaKind.exec(firstStringAt(file, "format") ?? "")?.[1] as OutputKind | undefined
  const kind = kindFromName(name) ?? format ?? listKinds.get(list)
  return kind === "image" && (isAnimated || list === "gifs") ? "animation" : kind
}

/** Returns the name and the folder. Some nodes for 3D models report only a path, which may be one of Windows. */
const placeOf = (file: unknown): { readonly filename: string; readonly subfolder: string } | undefined => {
  if (typeof file !== "string") {
    const filename = firstStringAt(file, "filename")
    return filename === undefined
      ? undefined
      : { filename, subfolder: firstStringAt(file, "subfolder") ?? "" }
  }
  const [, subfolder = "", filename = ""] = /^(?:(.*)[\\/])?([^\\/]*)$/.exec(file) ?? []
  return kindFromName(file) === "model" ? { filename, subfolder } : undefined
}

const readFile = (file: unknown, list: string, isAnimated: boolean): OutputDraft | "unknown" | undefined => {
  const place = placeOf(file)
  const type = firstStringAt(file, "type") ?? "output"
  if (place === undefined || type === "input") return undefined
  const kind = kindOf(file, list, place.filename, isAnimated)
  if (kind === undefined) return "unknown"
  const url = `./view?${new URLSearchParams({ ...place, type }).toString()}`
  return { kind, url, ...(type === "temp" ? { role: "preview" } : {}) }
}

const membersOf = (value: unknown): ReadonlyArray<readonly [string, unknown]> =>
  typeof value === "object" && value !== null ? Object.entries(value) : []

/**
 * Reads the files of all nodes. Those of previews are in the server's folder of temporary files. They are the results of a
 * workflow that saves nothing.
 */
export const readOutputs = (outputs: unknown): Pick<SnapshotDraft, "outputs" | "warnings"> => {
  const files = membersOf(outputs).flatMap(([, node]) => {
    const isAnimated = valueAt(node, "animated.0") === true
    return membersOf(node).flatMap(([list, items]) =>
      Array.isArray(items) ? items.map((file: unknown) => readFile(file, list, isAnimated)) : []
    )
  })
  const drafts = files.filter((file) => typeof file === "object")
  const hasResult = drafts.some(({ role }) => role === undefined)
  return {
    outputs: hasResult ? drafts : drafts.map(({ kind, url }) => ({ kind, url })),
    warnings: files.includes("unknown")
      ? ["The workflow saved files that are neither images, videos, sounds nor 3D models."]
      : []
  }
}
