/** `scripts/models.ts`, which generates the models of providers. */
import { execFile } from "node:child_process"
import { writeFile } from "node:fs/promises"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"
import { expect, it } from "vitest"
import { temporaryFolder } from "../../tooling/temporaryFolder.ts"
import { generateModels, isCurrent } from "../models/generateModels.ts"
import { readDocument } from "../models/readDocument.ts"
import { modelSources } from "../models/sources.ts"

const run = promisify(execFile)
const root = fileURLToPath(new URL("../..", import.meta.url))
const script = join(root, "scripts/models.ts")

it("finds that each generated file is what its source generates", async () => {
  const { stdout, stderr } = await run(process.execPath, [script, "--check"])
  expect(stdout + stderr).toBe("")
})

it("notices an edit, but not another date", () => {
  for (const generated of generateModels(root, "ark")) {
    const code = generated.write("2026-01-31")
    expect(isCurrent(generated, code)).toBe(true)
    expect(isCurrent(generated, code.replace("frames", "references"))).toBe(false)
  }
})

it("refuses a part of a document that it cannot express", async () => {
  await using folder = await temporaryFolder()
  const path = join(folder.path, "openapi.json")
  const schema = { type: "object", properties: { size: { type: "object" } } }
  const content = { "application/json": { schema } }
  await writeFile(
    path,
    JSON.stringify({
      paths: { "/v1/x": { post: { requestBody: { content } } } },
      components: { schemas: {} }
    })
  )
  const [source] = modelSources["bfl"] ?? []
  expect(() => readDocument(path, source as never)).toThrow('Unsupported schema: {"type":"object"}')
})
