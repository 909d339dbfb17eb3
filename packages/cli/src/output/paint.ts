import type { WriteStream } from "node:tty"
import { styleText } from "node:util"
import type { TaskStatus } from "@gentask/core"

/** The text styles in use. */
export type TextStyle = "bold" | "dim" | "green" | "red" | "yellow" | "cyan"

/** Styles text, or returns it unchanged if colors are off. */
export type Paint = (style: TextStyle, text: string) => string

/** Applies `--color` and `--no-color` through the environment, which every library reads. */
export const applyColorFlag = (args: ReadonlyArray<string>): void => {
  const end = args.indexOf("--")
  const flag = (end === -1 ? args : args.slice(0, end)).findLast(
    (arg) => arg === "--color" || arg === "--no-color"
  )
  if (flag === undefined) return
  const [on, off] = flag === "--color" ? ["FORCE_COLOR", "NO_COLOR"] : ["NO_COLOR", "FORCE_COLOR"]
  delete process.env[off]
  process.env[on] = "1"
}

/** Returns a painter for a stream. */
export const painterFor = (stream: NodeJS.WriteStream | WriteStream): Paint => {
  if (process.env["TERM"] === "dumb" && process.env["FORCE_COLOR"] === undefined) return (_, text) => text
  return (style, text) => styleText(style, text, { stream })
}

const statusStyles: Readonly<Record<TaskStatus, TextStyle>> = {
  queued: "dim",
  running: "cyan",
  succeeded: "green",
  failed: "red",
  canceled: "red",
  expired: "red",
  unknown: "yellow"
}

/** Paints text in the color of a status. */
export const paintStatus = (paint: Paint, status: TaskStatus, text: string = status): string =>
  paint(statusStyles[status], text)
