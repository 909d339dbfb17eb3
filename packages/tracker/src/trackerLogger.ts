import { oneLine } from "@gentask/core/internal"
import * as Cause from "effect/Cause"
import type * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"

const maxLength = 1000

const textOf = (value: unknown): string => {
  if (value instanceof Error) return value.message
  return typeof value === "string" ? value : (JSON.stringify(value) ?? String(value))
}

/** Formats a message on one line, without stack traces. */
const format = ({ message, logLevel, cause, date }: Logger.Options<unknown>): string => {
  const messages = Array.isArray(message) ? message : [message]
  const errors = cause.reasons.length === 0 ? [] : [textOf(Cause.squash(cause))]
  const text = [...messages.map(textOf), ...errors].join(": ")
  return `${date.toISOString()} ${logLevel.toUpperCase()} ${oneLine(text, maxLength)}\n`
}

/** Writes the log of a tracker to the standard error: one line for each message. */
export const trackerLogger: Layer.Layer<never> = Logger.layer([
  Logger.make((options) => void process.stderr.write(format(options)))
])
