import * as Command from "effect/cli/Command"
import { jsonFlag, switchFlag, textFlag } from "../flags.ts"
import { lazyHandler } from "../lazyHandler.ts"

const install = switchFlag("install", "Write the skill into .agents/skills of the working folder")
const user = switchFlag("user", "Write it into .agents/skills of your home folder; implies --install")
const dir = textFlag("dir", "DIR", "Another folder of skills, such as .claude/skills; implies --install")
const overwrite = switchFlag("overwrite", "Replace another version of the skill")
const json = jsonFlag("Print one JSON object with the path and the text")

export const skillCommand = Command.make(
  "skill",
  { install, user, dir, overwrite, json },
  lazyHandler(async () => (await import("../otherHandlers.ts")).runSkill)
).pipe(
  Command.withDescription(
    "Print or install the skill of gentask: instructions that teach a coding agent to create, resume and save tasks, and what never to do"
  ),
  Command.withShortDescription("Print or install the skill for coding agents"),
  Command.withExamples([
    { command: "gentask skill", description: "Print SKILL.md" },
    { command: "gentask skill --install", description: "Install it for this project" },
    { command: "gentask skill --user", description: "Install it for all projects" },
    { command: "gentask skill --dir .claude/skills", description: "Install it for Claude Code" }
  ])
)
