import { flag, option, shellCommand } from "../../output/shellCommand.ts"

export interface WaitInput {
  readonly refs: ReadonlyArray<string>
  readonly json: boolean
  readonly raw: boolean
  readonly noLedger: boolean
  readonly timeout: string | undefined
  readonly interval: string | undefined
  readonly save: string | undefined
  readonly to: string | undefined
  readonly all: boolean
  readonly overwrite: boolean
  readonly server: string | undefined
}

/** Returns the command that resumes a wait. */
export const resumeCommand =
  (input: WaitInput) =>
  (refs: ReadonlyArray<string>): string =>
    shellCommand([
      "wait",
      ...refs,
      ...option("--timeout", input.timeout),
      ...option("--save", input.save),
      ...option("--to", input.to),
      ...option("--interval", input.interval),
      ...flag("--all", input.all),
      ...flag("--overwrite", input.overwrite),
      ...flag("--json", input.json),
      ...flag("--raw", input.raw),
      ...flag("--no-ledger", input.noLedger),
      ...option("--server", input.server)
    ])
