/** What happens to the tasks that requests create, as a schema and as types. */
import * as z from "zod"
import { milliseconds, nonEmptyString, strictObject } from "../fieldSchemas.ts"
import { taskScriptSchema } from "../TaskScript.ts"
import { submitFaultSchema } from "./SubmitFault.ts"

/** Response forms of `POST /v1/video/create`; see {@link CreateStyle}. */
export const createStyles = ["unified", "octopusx", "zhubo", "anyapi"] as const

/**
 * The form of the response to `POST /v1/video/create`.
 *
 * - `unified`: `{ id, status, status_update_time }`, as most relays send it.
 * - `octopusx`: `task_id` without `id` for jimeng and vidu, a video object for veo, else as `unified`.
 * - `zhubo`: `id` and `task_id`.
 * - `anyapi`: the `id` of a chat completion.
 */
export type CreateStyle = (typeof createStyles)[number]

/** Parses the settings of callbacks. */
const callbackSchema = strictObject({
  /** How often each callback is sent after the task has ended. 0 never sends it. @default 1 */
  times: z.int().min(0).max(10).optional(),
  /** Milliseconds between the end of the task and the callback. @default 0 */
  delay: milliseconds.optional(),
  /** Milliseconds between the attempts of kie.ai. It sends a callback up to 3 times until it gets a 2xx. @default 200 */
  retryDelay: milliseconds.optional(),
  /** The key that signs kie.ai's callbacks. @default callbacks are not signed */
  key: nonEmptyString.optional(),
  /** Whether the signature is wrong. @default false */
  forged: z.boolean().optional()
})

/** How callbacks are sent. */
export type CallbackScript = z.infer<typeof callbackSchema>

const window = strictObject({
  limit: z.int().min(1),
  windowSeconds: z.number().positive(),
  tier: nonEmptyString.optional()
})

/** Parses a submit script. */
export const submitScriptSchema = strictObject({
  /** Faults of the next submits, in order. Requests that the vendor refuses do not use up faults. @default [] */
  faults: z.array(submitFaultSchema).readonly().optional(),
  /** The script of each new task. Its model, prompt, kind and dialect are those of the request. @default {} */
  task: taskScriptSchema.omit({ vendor: true, id: true, kind: true, dialect: true, reqKey: true }).optional(),
  /** How callbacks are sent. */
  callback: callbackSchema.optional(),
  /** How many tasks of one API key can be active at once. Further submits are rejected. @default unlimited */
  maxActiveTasks: z.int().min(1).optional(),
  /** Rate limits of submits, for each API key. @default unlimited */
  limits: z.array(window).readonly().optional(),
  /** The credit of each API key at the start, in the vendor's unit. @default enough for many tasks */
  credit: z.number().min(0).optional(),
  /** What each task costs, in the vendor's unit. @default jimmy 10, sora 50000, kie 4, others 0 */
  price: z.number().min(0).optional(),
  /**
   * AI GPT Image: the response to a known X-Request-ID with another body. It is undocumented: `existing` returns the
   * first task, `rejected` is an error with code 422, `new` makes a second task. @default "existing"
   */
  keyMismatch: z.enum(["existing", "rejected", "new"]).optional(),
  /** Sora: the form of the response without a host in the path. @default "unified" */
  style: z.enum(createStyles).optional(),
  /** Sora and jimeng relays: the console access token for the list of tasks. @default "console-token" */
  consoleToken: nonEmptyString.optional(),
  /** Sora and jimeng relays: the user id that belongs to the console token. @default "1" */
  consoleUser: nonEmptyString.optional()
})

/**
 * What happens to the submits of one service. All fields are optional.
 *
 * @example
 * { faults: [{ fault: "reset-after-task" }], task: { runningFor: 400 } }
 */
export interface SubmitScript extends z.infer<typeof submitScriptSchema> {}
