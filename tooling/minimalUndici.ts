import { readFile } from "node:fs/promises"
import { createRequire } from "node:module"
import type { Options } from "tsup"

/** The major version of undici whose internal modules this plugin imports. */
const supportedMajor = 8

const checkVersion = async (resolveDir: string): Promise<void> => {
  const path = createRequire(`${resolveDir}/`).resolve("undici/package.json")
  const { version } = JSON.parse(await readFile(path, "utf8")) as { readonly version: string }
  if (Number(version.split(".")[0]) === supportedMajor) return
  throw new Error(
    `minimalUndici supports undici ${supportedMajor}, but the workspace has ${version}. Check that the agents and their method connect still come from the modules below, then change supportedMajor.`
  )
}

/**
 * Bundles only the parts of undici that the command line needs: its Agent, and its agents for proxies, which run only if a
 * proxy is used. Loading all of undici takes about 30 ms more.
 */
export const minimalUndici: NonNullable<Options["esbuildPlugins"]>[number] = {
  name: "minimal-undici",
  setup: (build) => {
    build.onResolve({ filter: /^undici$/ }, async ({ resolveDir }) => {
      await checkVersion(resolveDir)
      return { path: "undici-agent", namespace: "undici-agent", pluginData: resolveDir }
    })
    build.onLoad({ filter: /.*/, namespace: "undici-agent" }, ({ pluginData }) => ({
      resolveDir: pluginData as string,
      contents: `
        import Agent from "undici/lib/dispatcher/agent.js"
        const withConnect = (agent) => {
          require("undici/lib/dispatcher/dispatcher.js").prototype.connect = require("undici/lib/api/api-connect.js")
          return agent
        }
        export default {
          Agent,
          get Pool() {
            return require("undici/lib/dispatcher/pool.js")
          },
          get ProxyAgent() {
            return withConnect(require("undici/lib/dispatcher/proxy-agent.js"))
          },
          get EnvHttpProxyAgent() {
            return withConnect(require("undici/lib/dispatcher/env-http-proxy-agent.js"))
          }
        }
      `
    }))
  }
}
