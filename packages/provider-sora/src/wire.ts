/**
 * The responses of the unified video format: the member that the verdict depends on. See
 * https://docs.octopusx.ai/en/videos/sora/unified-query. Relays add members of their own, and those of the gateway behind
 * them, in varying places and types. The others are read where they are.
 */
import * as z from "zod"

const task = z.looseObject({ status: z.string().nullish().catch(null) })

/** A task with or without the envelope of the new-api gateway, or an error. */
export const response = task.extend({ data: z.unknown().optional() })

export type SoraTask = z.infer<typeof task>
export type SoraResponse = z.infer<typeof response>
