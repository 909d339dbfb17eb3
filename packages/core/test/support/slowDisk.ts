/**
 * Preloaded into a saver: delays one operation that moves, links or removes a file in a folder.
 *
 * `SLOW_DISK` is the folder, `SLOW_DISK_AFTER` is the number of such operations before the slow one, and
 * `SLOW_DISK_CONTROL` is a folder in which the file `waiting` is created when the operation begins to wait for the file
 * `go`.
 */
import { access, writeFile } from "node:fs/promises"
import fs from "node:fs"
import { syncBuiltinESMExports } from "node:module"
import { join } from "node:path"
import { setTimeout as delay } from "node:timers/promises"

const { SLOW_DISK: dir = "", SLOW_DISK_AFTER: after = "0", SLOW_DISK_CONTROL: control = "" } = process.env
let remaining = Number(after)

const isSlow = (paths: ReadonlyArray<unknown>): boolean => {
  if (!paths.some((path) => typeof path === "string" && path.startsWith(dir))) return false
  remaining -= 1
  return remaining === -1
}

const waitForGo = async (): Promise<void> => {
  await writeFile(join(control, "waiting"), "")
  for (;;) {
    const isThere = await access(join(control, "go")).then(
      () => true,
      () => false
    )
    if (isThere) return
    await delay(10)
  }
}

const promises = fs.promises as unknown as Record<
  string,
  (...parameters: ReadonlyArray<unknown>) => Promise<unknown>
>
for (const name of ["rename", "link", "unlink"]) {
  const original = promises[name]
  promises[name] = async (...parameters) => {
    if (isSlow(parameters)) await waitForGo()
    return original?.(...parameters)
  }
}
syncBuiltinESMExports()
