/** The tasks of a chaos run. */
import type { Emulator, MediaFormat, TaskEnd } from "@gentask/emulator"
import type { System } from "./TestVendor.ts"
import { systems } from "./systems.ts"

/** A task of a chaos run. */
export interface ChaosTask {
  readonly index: number
  readonly ref: string
  readonly end: TaskEnd
  /** The number of outputs, which are in a list if there are several. */
  readonly outputs: number
}

const images = ["png", "jpeg", "webp", "gif"] as const

/** Returns the scripted end of a task. Every fifth task does not succeed. */
const endOf = ({ failures = ["failed"] }: System, index: number): TaskEnd =>
  index % 5 === 0 ? (failures[(index / 5) % failures.length] ?? failures[0]) : "succeeded"

/** Two outputs of a list may have the same bytes. Inline media with the same bytes are the same output. */
const listOf = (isVideo: boolean, allDiffer: boolean): ReadonlyArray<MediaFormat> => {
  if (isVideo) return ["mp4", "mp4", "mp4"]
  return allDiffer ? ["png", "jpeg", "webp"] : ["png", "png", "webp"]
}

/**
 * Adds the task with an index, whose system the index decides about. Its script and id depend on the index only, so that
 * the seed decides about its faults.
 */
export const addChaosTask = (emulator: Emulator, index: number): ChaosTask => {
  const round = Math.floor(index / systems.length)
  const system = systems[index % systems.length] as System
  const { script, ref, mediaType, id: idOf = () => `task-${index}`, listsOutputs = false } = system
  const isVideo = mediaType.startsWith("video/")
  const end = endOf(system, index)
  const { id, media } = emulator.addTask({
    ...script,
    id: idOf(index),
    end,
    queuedFor: (index * 13) % 400,
    runningFor: (index * 37) % 4000,
    kind: isVideo ? "video" : "image",
    media:
      listsOutputs && round % 2 === 0
        ? listOf(isVideo, round % 4 === 0 || script.inline === true)
        : [isVideo ? "mp4" : (images[round % images.length] ?? "png")],
    // The first links of some tasks have to be renewed.
    links: index % 3 === 0 ? [{ link: "expired" }] : []
  })
  return { index, ref: ref(id), end, outputs: media.length }
}
