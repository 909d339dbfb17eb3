/** Colours, where they are wanted: a terminal, `--color` or FORCE_COLOR, and no NO_COLOR, `--no-color` or TERM=dumb. */
import type { WriteStream } from "node:tty"
import { styleText } from "node:util"
import type { TaskStatus } from "@gentask/core"

/** The looks that are used. */
export type Look = "bold" | "dim" | "green" | "red" | "yellow" | "cyan"

/** Gives text a look, or leaves it as it is. */
export type Paint = (look: Look, text: string) => string

/** The words of the command line that decide on colours, told to everything that asks the environment. */
export const heedColorFlag = (args: ReadonlyArray<string>): void => {
  const end = args.indexOf("--")
  const wish = (end === -1 ? args : args.slice(0, end)).findLast(
    (arg) => arg === "--color" || arg === "--no-color"
  )
  if (wish === undefined) return
  const [on, off] = wish === "--color" ? ["FORCE_COLOR", "NO_COLOR"] : ["NO_COLOR", "FORCE_COLOR"]
  delete process.env[off]
  process.env[on] = "1"
}

/** A painter for one stream. */
export const painterFor = (stream: NodeJS.WriteStream | WriteStream): Paint => {
  if (process.env["TERM"] === "dumb" && process.env["FORCE_COLOR"] === undefined) return (_, text) => text
  return (look, text) => styleText(look, text, { stream })
}

const looks: Readonly<Record<TaskStatus, Look>> = {
  queued: "dim",
  running: "cyan",
  succeeded: "green",
  failed: "red",
  canceled: "red",
  expired: "red",
  unknown: "yellow"
}

/** Paints a status word. */
export const paintStatus = (paint: Paint, status: TaskStatus, text: string = status): string =>
  paint(looks[status], text)
