import type * as Command from "effect/cli/Command"
import { gentaskCommand } from "./gentaskCommand.ts"

const subcommandsOf = (command: Command.Command.Any): ReadonlyArray<Command.Command.Any> =>
  command.subcommands.flatMap(({ commands }) => commands)

const isFlag = (arg: string): boolean => arg.startsWith("-")

/** Whether names lead to a command. Names after a command without subcommands are ignored. */
const isCommandPath = (names: ReadonlyArray<string>): boolean => {
  let command: Command.Command.Any = gentaskCommand
  for (const name of names) {
    const subcommands = subcommandsOf(command)
    if (subcommands.length === 0) return true
    const next = subcommands.find((each) => each.name === name)
    if (next === undefined) return false
    command = next
  }
  return true
}

/** Replaces `help COMMAND` by `COMMAND --help`. An unknown command remains an error. */
export const expandHelp = (args: ReadonlyArray<string>): ReadonlyArray<string> => {
  const index = args.findIndex((arg) => !isFlag(arg))
  if (args[index] !== "help") return args
  const rest = args.toSpliced(index, 1)
  return isCommandPath(rest.filter((arg) => !isFlag(arg))) ? [...rest, "--help"] : rest
}
