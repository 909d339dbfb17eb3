/** What `gentask new provider` writes is a package of its own: it needs nothing of this workspace, and the command line finds it. */
import { execFile } from "node:child_process"
import { once } from "node:events"
import { readFile, readdir } from "node:fs/promises"
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { temporaryFolder } from "./folder.ts"
import { installInto, pack } from "./packed.ts"

const gentask = fileURLToPath(new URL("../packages/cli/dist/main.js", import.meta.url))
const id = "acme-video"

let folder: Awaited<ReturnType<typeof temporaryFolder>>
let made = ""

/** What a program needs of the machine, and npm to reach the registry of it. */
const ofTheMachine =
  /^(?:PATH|HOME|SystemRoot|NODE_EXTRA_CA_CERTS|SSL_CERT_(?:FILE|DIR)|(?:HTTPS?|NO)_PROXY|npm_config_(?:registry|cafile))$/i

const machine = Object.fromEntries(Object.entries(process.env).filter(([name]) => ofTheMachine.test(name)))

/** Runs a program as a stranger would: without the variables of these tests. */
const run = async (
  cwd: string,
  program: string,
  args: ReadonlyArray<string>,
  env: Readonly<Record<string, string>> = {}
): Promise<string> => {
  const { stdout } = await promisify(execFile)(program, args, {
    cwd,
    shell: process.platform === "win32",
    env: { ...machine, NO_COLOR: "1", ...env }
  })
  return stdout
}

beforeAll(async () => {
  folder = await temporaryFolder()
  made = join(folder.path, "made")
  await run(folder.path, process.execPath, [gentask, "new", "provider", id, "--dir", "made"])
})
afterAll(() => folder[Symbol.asyncDispose]())

/** The answer of a recording, on a server of this machine. */
const vendorThatAnswers = async (recording: string) => {
  const { request, answer } = JSON.parse(
    await readFile(join(made, "test", "recordings", recording), "utf8")
  ) as {
    readonly request: { readonly url: string }
    readonly answer: { readonly body: unknown }
  }
  const server = createServer(({ url, headers }, response) => {
    const isAsked = url === new URL(request.url).pathname && headers.authorization === "Bearer sk-acme-0000"
    response.writeHead(isAsked ? 200 : 400).end(JSON.stringify(isAsked ? answer.body : {}))
  })
  await once(server.listen(0, "127.0.0.1"), "listening")
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return { url, [Symbol.asyncDispose]: async () => void server.close() }
}

describe("a new provider's package", () => {
  it("builds, and passes its tests and checks, outside of this workspace", { timeout: 240_000 }, async () => {
    const core = await pack("core", folder.path)
    // Not saved: the package goes on to name the core that is on the registry.
    const options = ["--no-save", "--prefer-offline", "--no-audit", "--no-fund", "--loglevel=error"]
    await run(made, "npm", ["install", ...options, core])
    await run(made, "npm", ["run", "build"])
    expect(await run(made, "npm", ["test"])).toMatch(/Test Files +1 passed[^]*Tests +\d+ passed \(\d+\)/)
    await run(made, "npm", ["run", "check"])
  })

  it("is asked from its source in its own folder", { timeout: 60_000 }, async () => {
    await using vendor = await vendorThatAnswers("running.json")
    const env = { ACME_VIDEO_API_KEY: "sk-acme-0000", ACME_VIDEO_BASE_URL: vendor.url }
    const stdout = await run(made, process.execPath, [gentask, "query", `${id}:task_0001`, "--json"], env)
    expect(JSON.parse(stdout)).toMatchObject({ ref: `${id}:task_0001`, status: "running", progress: 0.42 })
  })

  it(
    "is found beside the command line, once it is published and installed",
    { timeout: 240_000 },
    async () => {
      await run(made, "npx", ["changeset", "version"])
      await run(made, "npm", ["pack", "--pack-destination", folder.path, "--loglevel=error"])
      const tarball = join(folder.path, `gentask-provider-${id}-0.1.0.tgz`)
      const user = join(folder.path, "user")
      await installInto(user, [await pack("core", folder.path), await pack("cli", folder.path), tarball])
      const held = await readdir(join(user, "node_modules", `gentask-provider-${id}`), { recursive: true })
      expect(held.toSorted()).toEqual(
        [
          "LICENSE",
          "README.md",
          "dist",
          ...["decode", "index", "wire"].flatMap((name) => [
            join("dist", `${name}.d.ts`),
            join("dist", `${name}.js`)
          ]),
          "package.json"
        ].toSorted()
      )

      const command = join(user, "node_modules", ".bin", "gentask")
      const listed = (await run(user, command, ["providers", "--json"]))
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>)
      expect(listed.filter(({ provider }) => provider === id)).toMatchObject([
        {
          title: "Acme Video",
          version: "0.1.0",
          source: { kind: "project", package: `gentask-provider-${id}` },
          endpoints: { main: "https://api.example.com" },
          makes: ["video"],
          examples: [`${id}:task_0001`],
          key: { variable: "ACME_VIDEO_API_KEY", found: false },
          problem: null
        }
      ])

      await using vendor = await vendorThatAnswers("succeeded.json")
      const env = { ACME_VIDEO_API_KEY: "sk-acme-0000", ACME_VIDEO_BASE_URL: vendor.url }
      const waited = JSON.parse(
        await run(user, command, ["wait", `${id}:task_0001`, "--json"], env)
      ) as unknown
      expect(waited).toMatchObject({ status: "succeeded", completedAt: "2026-01-01T00:01:00.000Z" })
    }
  )
})
