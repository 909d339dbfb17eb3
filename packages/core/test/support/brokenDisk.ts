/**
 * Preloaded into a saver: makes operations of the file system fail.
 *
 * `BROKEN_DISK` is `links` for a file system without hard links, or `full` for one without space for a lock.
 */
import fs from "node:fs"
import { open } from "node:fs/promises"
import type { FileHandle } from "node:fs/promises"
import { syncBuiltinESMExports } from "node:module"
import { devNull } from "node:os"

const fail = (code: string) => () => Promise.reject(Object.assign(new Error(code), { code }))

if (process.env["BROKEN_DISK"] === "links") {
  Object.assign(fs.promises, { link: fail("EPERM") })
} else {
  const handle = await open(devNull, "w")
  Object.assign(Object.getPrototypeOf(handle) as FileHandle, { writeFile: fail("ENOSPC") })
  await handle.close()
}
syncBuiltinESMExports()
