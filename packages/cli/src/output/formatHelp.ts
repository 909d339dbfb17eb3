import * as CliOutput from "effect/cli/CliOutput"
import { formatHelpSections } from "./helpSections.ts"
import { painterFor } from "./paint.ts"
import { terminalSize } from "./terminalSize.ts"
import { wrapLines } from "./wrapLines.ts"

/** Formats the help of a command for a stream. */
export const formatHelp = (
  stream: NodeJS.WriteStream,
  doc: Parameters<CliOutput.Formatter["formatHelpDoc"]>[0]
): string => {
  const paint = painterFor(stream)
  const generated = CliOutput.defaultFormatter({ colors: paint("bold", "x") !== "x" })
    .formatHelpDoc(doc)
    .trimEnd()
    // The formatter omits the blank line after the list of commands.
    .replace(/(?<!\n)\n(?=\S*EXAMPLES)/, "\n\n")
  const help = `${generated}\n\n${formatHelpSections(doc.commandPath ?? [], paint)}`
  return wrapLines(help, stream.isTTY ? terminalSize(stream).columns : Infinity)
}
