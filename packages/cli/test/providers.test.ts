import { join } from "node:path"
import { assert, describe, it } from "vitest"
import { secretKey } from "./emulator.ts"
import { jsonLinesOf, linesOf, run } from "./gentask.ts"
import { dependingOn, newProject, pluginSource, providerPackage } from "./project.ts"

describe("providers --json", () => {
  it("prints one object per account, with its base URL, its key variable and its provider", async () => {
    const env = { JIMMY_API_KEY: secretKey, JIMENG_DEEPWL_API_KEY: secretKey }
    const { status, stdout, stderr } = await run(["providers", "--json"], { env })
    assert.deepStrictEqual({ status, stderr }, { status: 0, stderr: "" })
    const lines = jsonLinesOf(stdout)
    const { version, ...jimmy } = lines[0] ?? {}
    assert.match(String(version), /^\d+\.\d+\.\d+$/)
    assert.deepStrictEqual(jimmy, {
      provider: "jimmy",
      title: "Jimmy AI",
      source: { kind: "bundled", package: "@gentask/provider-jimmy", path: null },
      endpoints: { jimmyai: "https://www.jimmyai.cn", viraltok: "https://api.viraltok.ai" },
      makes: ["image", "video"],
      hints: ["kind=video"],
      examples: [
        "jimmy:6f1f3a52-5f0a-4f9e-9f0e-1c6a3a4b8f11",
        "jimmy:6f1f3a52-5f0a-4f9e-9f0e-1c6a3a4b8f11?kind=video"
      ],
      account: "jimmy",
      endpoint: "jimmyai",
      baseUrl: "https://www.jimmyai.cn",
      key: { variable: "JIMMY_API_KEY", found: true },
      docs: "https://docs.jimmyai.cn/en/api-reference/common/query",
      problem: null
    })
    assert.deepInclude(
      Object.fromEntries(lines.map(({ account, key }) => [account, (key as { found: boolean }).found])),
      {
        jimmy: true,
        "sora@jxincm": false,
        "jimeng@deepwl": true,
        "jimeng@octopusx": false,
        aigptimage: false
      }
    )
  })

  it("prints the default account of a provider without endpoints", async () => {
    const cwd = newProject({
      ...dependingOn("acme"),
      ...providerPackage(
        "acme",
        "acme",
        pluginSource("acme", { members: "endpoints: {}, defaultEndpoint: undefined" })
      )
    })
    const { stdout } = await run(["providers", "--json"], { cwd })
    const { account, endpoint, key, problem } = jsonLinesOf(stdout).at(-1) ?? {}
    assert.deepStrictEqual(
      { account, endpoint, key },
      { account: "acme", endpoint: null, key: { variable: "ACME_API_KEY", found: false } }
    )
    assert.match(String(problem), /^acme has no default endpoint\./)
  })

  it("prints whether an account needs an API key", async () => {
    const local = (id: string, mode: string) =>
      providerPackage(
        id,
        id,
        pluginSource(id, {
          members: `apiKey: "${mode}", requires: ["optional-key"], endpoints: { local: { baseUrl: "http://192.168.1.5:8188" } }, defaultEndpoint: "local"`
        })
      )
    const cwd = newProject({
      ...dependingOn("comfy", "proxy"),
      ...local("comfy", "none"),
      ...local("proxy", "optional")
    })
    const { stdout } = await run(["providers", "--json"], { cwd })
    const keys = jsonLinesOf(stdout).slice(-2)
    assert.deepStrictEqual(
      keys.map(({ account, key, problem }) => ({ account, key, problem })),
      [
        { account: "comfy", key: null, problem: null },
        {
          account: "proxy",
          key: { variable: "PROXY_API_KEY", found: false, optional: true },
          problem: null
        }
      ]
    )
    const text = (await run(["providers"], { cwd })).stdout
    assert.match(text, /comfy {2}at local {2}needs no API key/)
    assert.match(text, /proxy {2}at local {2}PROXY_API_KEY optional/)
  })

  it("prints what is wrong with an account", async () => {
    const env = { JIMMY_BASE_URL: "http://example.com" }
    const { status, stdout } = await run(["providers", "--json"], { env })
    assert.strictEqual(status, 0)
    const { account, baseUrl, problem } = jsonLinesOf(stdout)[0] ?? {}
    assert.deepStrictEqual({ account, baseUrl }, { account: "jimmy", baseUrl: null })
    assert.match(String(problem), /would send the API key unencrypted/)
  })
})

describe("providers", () => {
  /** Returns the lines of each provider that is not bundled. */
  const blocksIn = (stdout: string): ReadonlyArray<ReadonlyArray<string>> =>
    stdout
      .split("\n\n")
      .map(linesOf)
      .filter(([heading = ""]) => !heading.endsWith(", bundled"))

  it("prints a block per bundled provider within 100 columns", async () => {
    const { status, stdout, stderr } = await run(["providers"], { env: { JIMMY_API_KEY: secretKey } })
    assert.deepStrictEqual({ status, stderr }, { status: 0, stderr: "" })
    const blocks = stdout.split("\n\n").map(linesOf)
    assert.deepStrictEqual(
      blocks.slice(0, 4).map(([heading = ""]) => heading.replace(/\d+\.\d+\.\d+/, "VERSION")),
      [
        "jimmy  Jimmy AI  VERSION, bundled",
        "sora  Sora and others, unified video format  VERSION, bundled",
        "jimeng  Jimeng, official format  VERSION, bundled",
        "aigptimage  AI GPT Image  VERSION, bundled"
      ]
    )
    assert.deepStrictEqual(blocks[0]?.slice(1), [
      "  accounts   jimmy  at jimmyai  JIMMY_API_KEY found",
      "  endpoints  jimmyai   https://www.jimmyai.cn",
      "             viraltok  https://api.viraltok.ai",
      "  makes      image, video",
      "  refs       jimmy:6f1f3a52-5f0a-4f9e-9f0e-1c6a3a4b8f11",
      "             'jimmy:6f1f3a52-5f0a-4f9e-9f0e-1c6a3a4b8f11?kind=video'",
      "  docs       https://docs.jimmyai.cn/en/api-reference/common/query"
    ])
    for (const line of linesOf(stdout)) assert.isAtMost(line.length, 100, line)
  })

  it("prints the source, the accounts and the problems of other providers", async () => {
    const cwd = newProject({
      ...dependingOn("@me/acme", "broken", "@me/nameless", "absent"),
      ...providerPackage("acme", "@me/acme"),
      ...providerPackage("broken", "broken", "throw new Error('no luck')"),
      ...providerPackage("", "@me/nameless"),
      "plugins/mine.mjs": pluginSource("mine", { members: "mediaKinds: undefined, examples: undefined" }),
      "gentask.config.json": {
        plugins: { mine: "./plugins/mine.mjs" },
        providers: { mine: { endpoint: "missing" } }
      }
    })
    const env = { ACME_FILMS_API_KEY: secretKey, ACME_FILMS_BASE_URL: "https://films.example.com/" }
    const { status, stdout, stderr } = await run(["providers"], { cwd, env })
    assert.deepStrictEqual({ status, stderr }, { status: 0, stderr: "" })
    assert.deepStrictEqual(blocksIn(stdout), [
      [
        "mine  The vendor mine  configuration: plugins/mine.mjs",
        "  accounts   mine  ?  MINE_API_KEY missing",
        '  problem    Unknown endpoint "missing" of mine. Known endpoints: main, other. Choose one of them, or set a base URL (option baseUrl, variable MINE_BASE_URL).',
        "  endpoints  main   https://main.example.com",
        "             other  https://other.example.com",
        "  docs       https://docs.example.com/mine"
      ],
      [
        "acme  The vendor acme  1.2.0, project: @me/acme",
        "  accounts   acme        at main                    ACME_API_KEY missing",
        "             acme@films  https://films.example.com  ACME_FILMS_API_KEY found",
        "  endpoints  main   https://main.example.com",
        "             other  https://other.example.com",
        "  makes      image",
        "  refs       acme:1234",
        "             'acme:1234?size=big'",
        "  docs       https://docs.example.com/acme"
      ],
      [
        "broken  1.2.0, project: broken",
        "  problem    The package broken 1.2.0 cannot be imported: no luck. Fix it, or remove it."
      ],
      [
        "@me/nameless  1.2.0, project: @me/nameless",
        "  problem    The package @me/nameless 1.2.0 does not declare a valid provider id in its package.json. " +
          'Add, for example: "gentask": { "provider": "acme", "specVersion": 1 }.'
      ],
      [
        "package.json  project",
        `  problem    The dependency absent of ${join(cwd, "package.json")} is not installed. If it is a provider, run npm install.`
      ]
    ])
  })

  it("prints no control characters of plugins", async () => {
    const title = "a\u001b[2Jb\u202ec\nd"
    const members = `mediaKinds: [${JSON.stringify(title)}], examples: [${JSON.stringify(title)}], docs: ${JSON.stringify(title)}`
    const cwd = newProject({
      ...dependingOn("acme"),
      ...providerPackage("acme", "acme", pluginSource("acme", { title, members }), { version: title })
    })
    const { stdout } = await run(["providers"], { cwd })
    assert.notMatch(stdout.replaceAll("\n", ""), /[\p{Cc}\p{Cf}]/u)
    assert.deepStrictEqual(blocksIn(stdout).at(0)?.at(0), "acme  a [2Jb c d  a [2Jb c d, project: acme")
    const json = await run(["providers", "--json"], { cwd })
    assert.notMatch(json.stdout.replaceAll("\n", ""), /[\p{Cc}\p{Cf}]/u)
  })
})
