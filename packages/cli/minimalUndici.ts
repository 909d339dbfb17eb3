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
    `minimalUndici supports undici ${supportedMajor}, but the workspace has ${version}. Check that Agent and its method request still come from the modules below, then change supportedMajor.`
  )
}

/** The module of core that needs all of undici, in its sources or in its build. */
const proxyModule = /[\\/]loadProxyAgents[^\\/]*$/

/**
 * Bundles only the part of undici that the command line always needs: its Agent. Loading all of undici takes about 30 ms
 * more. The module for proxies still imports the complete package.
 */
export const minimalUndici: NonNullable<Options["esbuildPlugins"]>[number] = {
  name: "minimal-undici",
  setup: (build) => {
    build.onResolve({ filter: /^undici$/ }, async ({ importer, resolveDir }) => {
      if (proxyModule.test(importer)) return undefined
      await checkVersion(resolveDir)
      return { path: "undici-agent", namespace: "undici-agent", pluginData: resolveDir }
    })
    build.onLoad({ filter: /.*/, namespace: "undici-agent" }, ({ pluginData }) => ({
      resolveDir: pluginData as string,
      contents: `
        import Agent from "undici/lib/dispatcher/agent.js"
        import Dispatcher from "undici/lib/dispatcher/dispatcher.js"
        import request from "undici/lib/api/api-request.js"
        Dispatcher.prototype.request = request
        export default { Agent }
      `
    }))
  }
}
