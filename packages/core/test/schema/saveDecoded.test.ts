import { mkdtemp, readFile, rm } from "node:fs/promises"
import { createServer } from "node:http"
import type { Server } from "node:http"
import type { AddressInfo } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterEach, beforeEach, expect, it } from "vitest"
import { createGentask } from "@gentask/core"
import { decodeSavedFile, decodeSnapshot, encodeSavedFile, encodeSnapshot } from "@gentask/core/schema"
import { account } from "../support/acme.ts"
import { png } from "../support/mediaFiles.ts"

let server: Server
let origin = ""
let dir = ""

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "gentask-"))
  server = createServer((request, response) => {
    if (request.url === "/1.png") response.setHeader("content-type", "image/png").end(png)
    else response.end(JSON.stringify({ status: "done", url: `${origin}/1.png` }))
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterEach(async () => {
  server.closeAllConnections()
  server.close()
  await rm(dir, { recursive: true, force: true })
})

it("saves the outputs of a decoded snapshot", async () => {
  const gentask = createGentask({ providers: [account({ baseUrl: origin })] })
  const text = JSON.stringify(encodeSnapshot(await gentask.query("acme:1")))
  const [file] = await gentask.save(decodeSnapshot(JSON.parse(text)), { dir })
  await gentask.close()
  if (file === undefined) throw new Error("nothing was saved")
  expect(decodeSavedFile(JSON.parse(JSON.stringify(encodeSavedFile(file))))).toEqual(file)
  expect(await readFile(file.path)).toEqual(png)
})
