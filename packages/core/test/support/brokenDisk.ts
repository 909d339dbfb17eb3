/**
 * Preloaded into a saver: makes operations of the file system fail.
 *
 * `BROKEN_DISK` is `links` for a file system without hard links. Otherwise it is the name of the method of an open file
 * that fails because the disk is full.
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
  const method = process.env["BROKEN_DISK"] ?? ""
  Object.assign(Object.getPrototypeOf(handle) as FileHandle, { [method]: fail("ENOSPC") })
  await handle.close()
}
syncBuiltinESMExports()
