import { mkdir, readFile, writeFile } from "node:fs/promises"
import { homedir } from "node:os"
import { dirname, join } from "node:path"
import * as Effect from "effect/Effect"
import { errorMessage, jsonLine, oneLine } from "../../output/sanitize.ts"
import { exitStatus } from "../../process/exitStatus.ts"
import { UsageError } from "../../UsageError.ts"
import type { Handler } from "../lazyHandler.ts"

export interface SkillInput {
  readonly install: boolean
  readonly user: boolean
  readonly dir: string | undefined
  readonly overwrite: boolean
  readonly json: boolean
}

/** Copied by the build, into the parent folder of the bundled module. */
const skillUrl = new URL("../skill/SKILL.md", import.meta.url)

/** The folder of skills that clients of the Agent Skills format share (https://agentskills.io). */
const sharedFolder = join(".agents", "skills")

/** Returns the path of the installed skill. Undefined if it is only printed. */
const pathOf = ({ install, user, dir }: SkillInput): Effect.Effect<string | undefined, UsageError> => {
  if (user && dir !== undefined)
    return Effect.fail(new UsageError({ message: "--user and --dir exclude each other: use one of them." }))
  const folder = dir ?? (user ? join(homedir(), sharedFolder) : install ? sharedFolder : undefined)
  return Effect.succeed(folder && join(folder, "gentask", "SKILL.md"))
}

type Result = "installed" | "unchanged" | "replaced"

/** Writes the skill. Replaces another text only with `overwrite`. */
const writeSkill = async (path: string, text: string, overwrite: boolean): Promise<Result> => {
  await mkdir(dirname(path), { recursive: true })
  const existing = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "ENOENT") throw error
  })
  if (existing === text) return "unchanged"
  if (existing !== undefined && !overwrite)
    throw new Error("it exists and is different, for example from another version. --overwrite replaces it")
  await writeFile(path, text, { flag: existing === undefined ? "wx" : "w" })
  return existing === undefined ? "installed" : "replaced"
}

/** Prints the skill, or writes it into a folder of skills. */
export const runSkill: Handler<SkillInput> = Effect.fnUntraced(function* (input: SkillInput) {
  const path = yield* pathOf(input)
  const text = yield* Effect.promise(() => readFile(skillUrl, "utf8"))
  if (path === undefined) {
    process.stdout.write(input.json ? `${jsonLine({ path: null, result: null, text })}\n` : text)
    return exitStatus.success
  }
  const result = yield* Effect.tryPromise({
    try: () => writeSkill(path, text, input.overwrite),
    catch: (error) =>
      new UsageError({ message: `Cannot write ${oneLine(path)}: ${errorMessage(error).replace(/\.$/, "")}.` })
  })
  process.stdout.write(`${input.json ? jsonLine({ path, result, text }) : oneLine(path)}\n`)
  process.stderr.write(
    result === "unchanged"
      ? "The skill is up to date.\n"
      : "Agents load the skill when they start the next time.\n"
  )
  return exitStatus.success
})
