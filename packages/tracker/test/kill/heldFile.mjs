/**
 * Preloaded into a process: suspends the storing of a file for a while at one step, as a slow disk does. Creates the file
 * `marker` when the step is reached. Does nothing if that exists already.
 *
 * Steps: `manifest` before the manifest is created, `name` before the file gets its name, and `part` before its part file is
 * removed.
 */
import fs from "node:fs"
import { syncBuiltinESMExports } from "node:module"
import { setTimeout as delay } from "node:timers/promises"

const { searchParams } = new URL(import.meta.url)
const step = searchParams.get("step")
const marker = searchParams.get("marker")
const { link, open } = fs.promises

const hold = async (isReached) => {
  if (!isReached || fs.existsSync(marker)) return
  fs.writeFileSync(marker, "")
  await delay(3000)
}

Object.assign(fs.promises, {
  open: async (path, flags, ...others) => {
    await hold(step === "manifest" && flags === "wx" && String(path).endsWith(".webp.json"))
    return open(path, flags, ...others)
  },
  link: async (from, to) => {
    const isNamed = String(to).endsWith(".webp")
    await hold(step === "name" && isNamed)
    await link(from, to)
    await hold(step === "part" && isNamed)
  }
})
syncBuiltinESMExports()
