/**
 * The requests and responses of Runway: the members that the verdict depends on. See https://docs.dev.runwayml.com/api. The
 * others are read where they are, whatever their type.
 */
import * as z from "zod"

/** The headers of every request: the version of the API that this provider reads. */
export const headers = { "x-runway-version": "2024-11-06" }

/** A task, or an error. */
export const task = z.looseObject({ status: z.string().nullish() })

/** A task, or an error. */
export type RunwayTask = z.infer<typeof task>
