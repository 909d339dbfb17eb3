import { readFileSync } from "node:fs"
import { expect, it } from "vitest"
import { generateModels, readData } from "../scripts/generateModels.ts"

it("the models of kie.ai are those of the data file, which has a date, a source and a license", () => {
  const data = readData()
  expect(data).toMatchObject({ date: "2026-08-19", license: expect.stringContaining("MIT") as unknown })
  for (const [path, text] of generateModels(data))
    expect(readFileSync(new URL(`../src/models/${path}`, import.meta.url), "utf8")).toBe(text)
})
