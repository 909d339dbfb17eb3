/** The tasks of a chaos run. */
import type { Emulator, MediaFormat, TaskEnd, Vendor } from "@gentask/emulator"

/** A task of a chaos run. */
export interface ChaosTask {
  readonly index: number
  readonly ref: string
  readonly end: TaskEnd
  /** The number of outputs, which are in a list if there are several. */
  readonly outputs: number
}

const vendors: ReadonlyArray<Vendor> = ["jimmy", "sora", "jimeng", "aigptimage", "bfl", "fal"]
const failures: Readonly<Partial<Record<Vendor, ReadonlyArray<TaskEnd>>>> = { sora: ["failed", "canceled"] }
const images = ["png", "jpeg", "webp", "gif"] as const

/** Returns the scripted end of a task. Every fifth task does not succeed. */
const endOf = (vendor: Vendor, index: number): TaskEnd => {
  if (index % 5 !== 0) return "succeeded"
  const ends = failures[vendor] ?? ["failed"]
  return ends[index % ends.length] ?? "failed"
}

const refOf = (vendor: Vendor, id: string, inline: boolean): string => {
  if (vendor === "fal") return `fal:${id}?app=fal-ai/flux`
  if (vendor !== "jimeng") return `${vendor}:${id}`
  return inline ? `jimeng@deepwl:${id}?req_key=jimeng_t2i_v40` : `jimeng@octopusx:${id}`
}

/** Two outputs of a list may have the same bytes. Inline media with the same bytes are the same output. */
const listOf = (round: number, inline: boolean): ReadonlyArray<MediaFormat> =>
  round % 4 === 0 || inline ? ["png", "jpeg", "webp"] : ["png", "png", "webp"]

/** Adds the task with an index. Its script and id depend on the index only, so that the seed decides about its faults. */
export const addChaosTask = (emulator: Emulator, index: number): ChaosTask => {
  const round = Math.floor(index / vendors.length)
  const vendor = vendors[index % vendors.length] ?? "jimmy"
  const end = endOf(vendor, index)
  const isVideo = vendor === "sora"
  const hasList = (vendor === "jimeng" || vendor === "aigptimage" || vendor === "fal") && round % 2 === 0
  const inline = vendor === "jimeng" && round % 3 === 2
  const { id, media } = emulator.addTask({
    vendor,
    id: isVideo ? `sora-2:task_${index}` : `task-${index}`,
    end,
    queuedFor: (index * 13) % 400,
    runningFor: (index * 37) % 4000,
    kind: isVideo ? "video" : "image",
    media: hasList ? listOf(round, inline) : [isVideo ? "mp4" : (images[round % images.length] ?? "png")],
    // The first links of some tasks have to be renewed.
    links: index % 3 === 0 ? [{ link: "expired" }] : [],
    ...(inline && { inline })
  })
  return { index, ref: refOf(vendor, id, inline), end, outputs: media.length }
}
