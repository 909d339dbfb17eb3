/** The package that `gentask new provider` creates. It works outside of this workspace. */
import { execFile } from "node:child_process"
import { readFile, readdir } from "node:fs/promises"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { installInto } from "@gentask/tooling/installInto"
import { pack } from "@gentask/tooling/pack"
import { temporaryFolder } from "@gentask/tooling/temporaryFolder"
import { listen } from "./listen.ts"

const gentask = fileURLToPath(new URL("../packages/cli/dist/main.js", import.meta.url))
const id = "acme-video"

let folder: Awaited<ReturnType<typeof temporaryFolder>>
let created = ""

/** Variables that programs require, and those with which npm reaches its registry. */
const allowedVariable =
  /^(?:PATH|HOME|SystemRoot|NODE_EXTRA_CA_CERTS|SSL_CERT_(?:FILE|DIR)|(?:HTTPS?|NO)_PROXY|npm_config_(?:registry|cafile))$/i

const environment = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => allowedVariable.test(name))
)

/** Runs a program without the environment of these tests. */
const run = async (
  cwd: string,
  program: string,
  args: ReadonlyArray<string>,
  env: Readonly<Record<string, string>> = {}
): Promise<string> => {
  const { stdout } = await promisify(execFile)(program, args, {
    cwd,
    shell: process.platform === "win32",
    env: { ...environment, NO_COLOR: "1", ...env }
  })
  return stdout
}

beforeAll(async () => {
  folder = await temporaryFolder()
  created = join(folder.path, "created")
  await run(folder.path, process.execPath, [gentask, "new", "provider", id, "--dir", "created"])
})
afterAll(() => folder[Symbol.asyncDispose]())

/** Starts a vendor that sends the response of a recording. */
const startVendor = async (recording: string) => {
  const path = join(created, "test", "recordings", recording)
  const { request, answer } = JSON.parse(await readFile(path, "utf8")) as {
    readonly request: { readonly url: string }
    readonly answer: { readonly body: unknown }
  }
  return await listen(({ url, headers }, response) => {
    const isExpected =
      url === new URL(request.url).pathname && headers.authorization === "Bearer sk-acme-0000"
    response.writeHead(isExpected ? 200 : 400).end(JSON.stringify(isExpected ? answer.body : {}))
  })
}

describe("a new provider's package", () => {
  it("builds and passes its tests and checks", { timeout: 240_000 }, async () => {
    const packed = [await pack("core", folder.path), await pack("testing", folder.path)]
    // With --no-save, because package.json must keep the versions that are on the registry.
    const options = ["--no-save", "--prefer-offline", "--no-audit", "--no-fund", "--loglevel=error"]
    await run(created, "npm", ["install", ...options, ...packed])
    await run(created, "npm", ["run", "build"])
    expect(await run(created, "npm", ["test"])).toMatch(/Test Files +1 passed[^]*Tests +\d+ passed \(\d+\)/)
    await run(created, "npm", ["run", "check"])
  })

  it("is loaded from its source by the command line in its own folder", { timeout: 60_000 }, async () => {
    await using vendor = await startVendor("running.json")
    const env = { ACME_VIDEO_API_KEY: "sk-acme-0000", ACME_VIDEO_BASE_URL: vendor.baseUrl }
    const stdout = await run(created, process.execPath, [gentask, "query", `${id}:task_0001`, "--json"], env)
    expect(JSON.parse(stdout)).toMatchObject({ ref: `${id}:task_0001`, status: "running", progress: 0.42 })
  })

  it(
    "is found by the command line in the same project once it is versioned, packed and installed",
    { timeout: 240_000 },
    async () => {
      await run(created, "npx", ["changeset", "version"])
      await run(created, "npm", ["pack", "--pack-destination", folder.path, "--loglevel=error"])
      const tarball = join(folder.path, `gentask-provider-${id}-0.1.0.tgz`)
      const user = join(folder.path, "user")
      await installInto(user, [await pack("core", folder.path), await pack("cli", folder.path), tarball])
      const files = await readdir(join(user, "node_modules", `gentask-provider-${id}`), { recursive: true })
      expect(files.toSorted()).toEqual(
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

      await using vendor = await startVendor("succeeded.json")
      const env = { ACME_VIDEO_API_KEY: "sk-acme-0000", ACME_VIDEO_BASE_URL: vendor.baseUrl }
      const result = await run(user, command, ["wait", `${id}:task_0001`, "--json"], env)
      expect(JSON.parse(result)).toMatchObject({
        status: "succeeded",
        completedAt: "2026-01-01T00:01:00.000Z"
      })
    }
  )
})
