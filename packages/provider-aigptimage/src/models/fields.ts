/** The fields that several models share. */
import { mediaInput } from "@gentask/core/zod"

export const image = (maxMegabytes?: number) => mediaInput("image", { maxMegabytes })
export const video = (maxMegabytes?: number) => mediaInput("video", { maxMegabytes })
export const audio = (maxMegabytes?: number) => mediaInput("audio", { maxMegabytes })
