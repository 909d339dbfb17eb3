import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { ProviderSpec } from "@gentask/core"
import { conformance } from "@gentask/testing"
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest"
import * as check from "./support/checkNames.ts"
import { failures, recordings, withFiles } from "./support/Defect.ts"
import { orbit } from "./support/orbit.ts"
import { validProviders } from "./support/validProviders.ts"

let folder = ""
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "gentask-conformance-"))
})
afterEach(() => {
  vi.unstubAllEnvs()
  rmSync(folder, { recursive: true })
})

describe("conformance", () => {
  it("accepts a valid provider", () => {
    expect(failures(orbit)).toEqual({})
  })

  it.each(validProviders)("accepts a provider $feature", ({ spec, recordings, options }) => {
    for (const [name, recording] of Object.entries(recordings)) {
      writeFileSync(join(folder, `${name}.json`), JSON.stringify({ source: "made up", ...recording }))
    }
    vi.stubEnv("GENTASK_RECORD", "1")
    failures(spec, folder, options)
    vi.stubEnv("GENTASK_RECORD", "")
    expect(failures(spec, folder, options)).toEqual({})
  })

  it("gives every check another name", () => {
    const names = conformance(orbit, recordings).map(({ name }) => name)
    expect(new Set(names).size).toBe(names.length)
  })

  it("reads the same recordings from a path, a URL and the text of a URL", () => {
    const names = (location: URL | string) => conformance(orbit, location).map(({ name }) => name)
    expect(names(recordings.href)).toEqual(names(recordings))
    expect(names(decodeURIComponent(recordings.pathname))).toEqual(names(recordings))
  })

  it.each([
    [undefined, []],
    [{}, ["specVersion", "id", "title", "docs", "endpoints", "query"]],
    [{ ...orbit, specVersion: 2 }, ["specVersion"]],
    [
      { ...orbit, query: { ...orbit.query, decode: undefined, response: {} } },
      ["query.response", "query.decode"]
    ]
  ])("reports the invalid members of a spec: %#", (spec, members) => {
    const message = failures(spec as unknown as ProviderSpec)[check.specShape]
    expect(message).toMatch(/^The spec is invalid: /)
    for (const member of members) expect(message).toContain(`${member} `)
  })

  it("reports a spec whose members throw when they are read", () => {
    const spec = {
      ...orbit,
      get examples(): never {
        throw new Error("not yet")
      }
    }
    expect(failures(spec)).toEqual({
      "the checks can be built":
        "The checks cannot be built, because the provider throws: not yet. Fix this first."
    })
  })

  it.each([
    ["does not exist", () => join(folder, "missing"), /^The recordings folder cannot be read: ENOENT/],
    [
      "is not a file URL",
      () => new URL("https://orbit.example/recordings/"),
      /^The recordings folder cannot be read: /
    ],
    ["is empty", () => folder, /^The folder .* contains no recordings\. Add one file for each state/]
  ])("reports a folder that %s", (_, path, message) => {
    expect(failures(orbit, path())[check.folder]).toMatch(message)
  })

  it("reports a file that cannot be read", () => {
    mkdirSync(join(folder, "state.json"))
    expect(failures(orbit, folder)[check.validFile("state")]).toMatch(/^state\.json cannot be read: EISDIR/)
  })
})

describe("the expected result", () => {
  /** Runs the check on a file and returns its message and the file's new text. */
  const run = (text: string, spec: ProviderSpec = orbit) => {
    const path = join(folder, "job.json")
    writeFileSync(path, text)
    const failure = failures(spec, folder)[check.result("job")]
    return { failure, text: readFileSync(path, "utf8") }
  }
  const recording =
    '{ "source": "made up", "answer": { "body": { "code": 0, "job": { "state": "working", "id": 7392616336519610409, "x": 1.0 } } } }'

  it("is shown but not written if GENTASK_RECORD is unset", () => {
    const result = run(recording)
    expect(result.text).toBe(recording)
    expect(result.failure).toContain('{\n  "status": "running",\n  "rawStatus": "working"\n}')
  })

  it("is written with an indent of two spaces, a final newline and every digit if GENTASK_RECORD is 1", () => {
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

  it("is not overwritten", () => {
    vi.stubEnv("GENTASK_RECORD", "1")
    const wrong = recording.replace(/\}$/, ', "means": { "status": "queued" } }')
    const result = run(wrong)
    expect(result.text).toBe(wrong)
    expect(result.failure).toMatch(/^The decoded response differs from "means"\./)
  })

  it("is not written if the provider throws", () => {
    vi.stubEnv("GENTASK_RECORD", "1")
    const decode = () => {
      throw new Error("oops")
    }
    expect(run(recording, { ...orbit, query: { ...orbit.query, decode } })).toEqual({
      failure: "query.decode throws on the response: oops",
      text: recording
    })
  })

  it("may have other time zones and the default role", () => {
    const change = ({ done }: Record<string, any>) => {
      done.means.createdAt = "2026-01-01T08:00:00+08:00"
      done.means.outputs[0].role = "result"
    }
    expect(withFiles(change, (path) => failures(orbit, path))).toEqual({})
  })
})
