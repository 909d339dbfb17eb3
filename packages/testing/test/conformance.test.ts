import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest"
import type { ProviderSpec } from "@gentask/core"
import { conformance } from "@gentask/testing"
import { failures, withFiles } from "./planted/plant.ts"
import { orbit } from "./planted/orbit.ts"
import { vendors } from "./conformance/vendors.ts"

let folder = ""
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "gentask-conformance-"))
})
afterEach(() => {
  vi.unstubAllEnvs()
  rmSync(folder, { recursive: true })
})

describe("the kit passes", () => {
  it("a provider that is right", () => {
    expect(failures(orbit)).toEqual({})
  })

  it.each(vendors)("a provider whose vendor $name", ({ spec, answers, options }) => {
    for (const [name, recording] of Object.entries(answers)) {
      writeFileSync(join(folder, `${name}.json`), JSON.stringify({ source: "made up", ...recording }))
    }
    vi.stubEnv("GENTASK_RECORD", "1")
    failures(spec, folder, options)
    vi.stubEnv("GENTASK_RECORD", "")
    expect(failures(spec, folder, options)).toEqual({})
  })
})

describe("the list of checks", () => {
  const first = (spec: unknown, recordings: URL | string = folder) => {
    const [name, message] = Object.entries(failures(spec as ProviderSpec, recordings))[0] ?? []
    return `${name}: ${message}`
  }

  it.each([
    [undefined, "it is no object; export the spec itself, as the package's default."],
    [
      {},
      "specVersion is not the number 1; id is not a text; title is not a text; docs is not a text; endpoints is not an object of endpoints, each with a baseUrl; query is not an object."
    ],
    [{ ...orbit, specVersion: 2 }, "specVersion is not the number 1."],
    [
      { ...orbit, query: { ...orbit.query, decode: undefined, response: {} } },
      "query.response is not a Standard Schema; query.interpret is not a function."
    ]
  ])("is built for a spec that is none: %#", (spec, why) => {
    expect(first(spec)).toBe(
      `the spec has every part of the contract, version 1: The spec cannot be used: ${why}`
    )
  })

  it("is built where a spec cannot even be looked at", () => {
    const spec = {
      ...orbit,
      get examples(): never {
        throw new Error("not yet")
      }
    }
    expect(first(spec)).toBe(
      "the provider can be checked: The provider breaks when it is first used: not yet. Mend that first."
    )
  })

  it.each([
    [
      "that is not there",
      () => join(folder, "none"),
      /^the recordings are there: The folder of recordings cannot be read: ENOENT/
    ],
    [
      "that is at no file's URL",
      () => new URL("https://orbit.example/recordings/"),
      /^the recordings are there: The folder of recordings cannot be read: /
    ],
    [
      "that is empty",
      () => folder,
      /^the recordings are there: The folder .* holds no recordings\. Put one file for each state/
    ]
  ])("is built for a folder %s", (_, path, why) => {
    expect(first(orbit, path())).toMatch(why)
  })

  it("tells a file that cannot be read", () => {
    mkdirSync(join(folder, "state.json"))
    expect(failures(orbit, folder)["state.json: is a recording"]).toMatch(
      /^state\.json cannot be read: EISDIR/
    )
  })

  it("reads the same from a path, from a file's URL and from a URL as a text", () => {
    const url = new URL("broken/recordings/", import.meta.url)
    const names = (recordings: URL | string) => conformance(orbit, recordings).map(({ name }) => name)
    expect(names(url.href)).toEqual(names(url))
    expect(names(decodeURIComponent(url.pathname))).toEqual(names(url))
  })

  it("names every check once", () => {
    const names = conformance(orbit, new URL("broken/recordings/", import.meta.url)).map(({ name }) => name)
    expect(new Set(names).size).toBe(names.length)
  })
})

describe("a meaning", () => {
  const check = "job.json: the answer gives its meaning"
  const run = (text: string): { readonly failure: string | undefined; readonly text: string } => {
    const path = join(folder, "job.json")
    writeFileSync(path, text)
    const failure = failures(orbit, folder)[check]
    return { failure, text: readFileSync(path, "utf8") }
  }
  const recording =
    '{ "source": "made up", "answer": { "body": { "code": 0, "job": { "state": "working", "id": 7392616336519610409, "x": 1.0 } } } }'

  it("that is missing is shown, and written only when that is asked for", () => {
    const result = run(recording)
    expect(result.text).toBe(recording)
    expect(result.failure).toContain('{\n  "status": "running",\n  "rawStatus": "working"\n}')
  })

  it("is written into the file as it is, with two blanks of indent, a final newline and every digit", () => {
    vi.stubEnv("GENTASK_RECORD", "1")
    const expected = `{
  "source": "made up",
  "answer": {
    "body": {
      "code": 0,
      "job": {
        "state": "working",
        "id": 7392616336519610409,
        "x": 1.0
      }
    }
  },
  "means": {
    "status": "running",
    "rawStatus": "working"
  }
}
`
    expect(run(recording)).toEqual({ failure: undefined, text: expected })
    expect(run(expected)).toEqual({ failure: undefined, text: expected })
  })

  it("that is there is never changed", () => {
    vi.stubEnv("GENTASK_RECORD", "1")
    const wrong = recording.replace(/\}$/, ', "means": { "status": "queued" } }')
    const result = run(wrong)
    expect(result.text).toBe(wrong)
    expect(result.failure).toMatch(/^The answer does not mean what the recording says\./)
  })

  it("is not written for a provider that throws", () => {
    vi.stubEnv("GENTASK_RECORD", "1")
    const spec = {
      ...orbit,
      query: {
        ...orbit.query,
        interpret: () => {
          throw new Error("oops")
        }
      }
    }
    writeFileSync(join(folder, "job.json"), recording)
    expect(failures(spec, folder)[check]).toBe("query.interpret throws on the answer: oops")
    expect(readFileSync(join(folder, "job.json"), "utf8")).toBe(recording)
  })

  it("may be written with other zones, with the default role, and is the same", () => {
    const change = (files: any) => {
      files["done"].means.createdAt = "2026-01-01T08:00:00+08:00"
      files["done"].means.outputs[0].role = "result"
    }
    expect(withFiles(change, (path) => failures(orbit, path))).toEqual({})
  })
})
