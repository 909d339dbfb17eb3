import { join } from "node:path"
import { assert, describe, it } from "vitest"
import { useEmulator } from "./emulator.ts"
import { jsonLinesOf, linesOf, run } from "./gentask.ts"
import { dependingOn, newProject, providerPackage } from "./project.ts"

const fixture = useEmulator()

describe("a dependency that declares no valid provider", () => {
  /** Returns what `providers` lists besides the bundled providers. */
  const listOthers = async (cwd: string) => {
    const { stdout } = await run(["providers", "--json"], { cwd, env: fixture.env })
    return jsonLinesOf(stdout)
      .map(({ provider, source, problem }) => ({ provider, source, problem }))
      .filter(({ source }) => (source as { kind: string }).kind !== "bundled")
  }

  /** Returns the message of a query for an unknown provider, while other tasks can be queried. */
  const unknownProviderMessage = async (cwd: string): Promise<string> => {
    const [other, queried] = await Promise.all([
      run(["query", `jimmy:${fixture.taskId}`], { cwd, env: fixture.env }),
      run(["query", "acme:1"], { cwd, env: fixture.env })
    ])
    assert.deepStrictEqual({ status: other.status, stderr: other.stderr }, { status: 0, stderr: "" })
    assert.strictEqual(queried.status, 2)
    return linesOf(queried.stderr).join()
  }

  it.each([
    ["has only the keyword", undefined],
    ["has a field that is not an object", "acme"],
    ["has an invalid id", { provider: "Acme!", specVersion: 1 }],
    ["has an id that is not a string", { provider: 7, specVersion: 1 }]
  ])("is listed with the problem if it %s", async (_, gentask) => {
    const cwd = newProject({
      ...dependingOn("@me/acme"),
      ...providerPackage("acme", "@me/acme", undefined, { gentask })
    })
    const problem =
      "The package @me/acme 1.2.0 does not declare a valid provider id in its package.json. " +
      'Add, for example: "gentask": { "provider": "acme", "specVersion": 1 }.'
    const path = join(cwd, "node_modules/@me/acme")
    assert.deepStrictEqual(await listOthers(cwd), [
      { provider: null, source: { kind: "project", package: "@me/acme", path }, problem }
    ])
    assert.include(await unknownProviderMessage(cwd), ` under plugins in gentask.config.json. ${problem}`)
  })

  it("is listed if it is not installed", async () => {
    const cwd = newProject(dependingOn("acme"))
    const path = join(cwd, "package.json")
    const problem = `The dependency acme of ${path} is not installed. If it is a provider, run npm install.`
    assert.deepStrictEqual(await listOthers(cwd), [
      { provider: null, source: { kind: "project", package: null, path }, problem }
    ])
    assert.include(await unknownProviderMessage(cwd), problem)
  })

  it("is listed with others that are not installed, except optional and peer dependencies", async () => {
    const many = (prefix: string, count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, index) => [`${prefix}${index}`, "*"]))
    const cwd = newProject({
      "package.json": {
        dependencies: many("a", 3),
        devDependencies: many("b", 3),
        optionalDependencies: many("c", 1),
        peerDependencies: many("d", 1)
      }
    })
    assert.deepStrictEqual(
      (await listOthers(cwd)).map(({ problem }) => problem),
      [
        `6 dependencies of ${join(cwd, "package.json")} are not installed: a0, a1, a2, b0, b1, others. If one of them is a provider, run npm install.`
      ]
    )
  })

  it("is not found if the project's package.json is invalid", async () => {
    const cwd = newProject({ "package.json": "{", "node_modules/acme/package.json": "" })
    const problem = `Cannot read the dependencies in ${join(cwd, "package.json")}, because it is not valid JSON. Fix it.`
    assert.deepStrictEqual(
      (await listOthers(cwd)).map((each) => each.problem),
      [problem]
    )
    assert.include(await unknownProviderMessage(cwd), problem)
  })

  it("is not listed if it has nothing to do with gentask", async () => {
    const cwd = newProject({
      ...dependingOn("other", "broken", "../outside", "field"),
      "node_modules/other/package.json": { keywords: ["gentask"] },
      "node_modules/broken/package.json": '{ "gentask-provider',
      "node_modules/field/package.json": { gentask: { theme: "dark" } },
      "outside/package.json": { keywords: ["gentask-provider"] }
    })
    assert.deepStrictEqual(
      (await listOthers(cwd)).map(({ problem }) => problem),
      [
        `The dependency ../outside of ${join(cwd, "package.json")} is not installed. If it is a provider, run npm install.`
      ]
    )
  })
})
