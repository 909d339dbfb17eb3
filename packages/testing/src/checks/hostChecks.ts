/** Checks of which hosts may receive the API key, and of what the provider requires of core. */
import type { ProviderSpec, Requirement } from "@gentask/core/provider"
import type { Check } from "../Check.ts"
import { fail } from "../ConformanceError.ts"

/** Suffixes under which anyone can register a name. */
const sharedSuffixes: ReadonlyArray<string> = [
  "amazonaws.com",
  "amazonaws.com.cn",
  "cloudfront.net",
  "elasticbeanstalk.com",
  "awsapprunner.com",
  "on.aws",
  "googleapis.com",
  "appspot.com",
  "run.app",
  "cloudfunctions.net",
  "firebaseapp.com",
  "web.app",
  "core.windows.net",
  "azurewebsites.net",
  "azureedge.net",
  "azurefd.net",
  "cloudapp.net",
  "cloudapp.azure.com",
  "trafficmanager.net",
  "aliyuncs.com",
  "myqcloud.com",
  "tencentcloudapi.com",
  "qiniucdn.com",
  "volces.com",
  "ivolces.com",
  "bcebos.com",
  "myhuaweicloud.com",
  "r2.dev",
  "workers.dev",
  "pages.dev",
  "cloudflarestorage.com",
  "trycloudflare.com",
  "vercel.app",
  "now.sh",
  "netlify.app",
  "herokuapp.com",
  "onrender.com",
  "fly.dev",
  "railway.app",
  "deno.dev",
  "github.io",
  "githubusercontent.com",
  "gitlab.io",
  "hf.space",
  "replit.app",
  "repl.co",
  "digitaloceanspaces.com",
  "ondigitalocean.app",
  "backblazeb2.com",
  "wasabisys.com",
  "supabase.co",
  "b-cdn.net",
  "fastly.net",
  "edgekey.net",
  "akamaized.net",
  "ngrok.io",
  "ngrok.app",
  "ngrok-free.app",
  "modal.run",
  "runpod.net"
]

/** Second-level names of country domains, under which companies register: `co.uk`, `com.cn`. */
const countrySuffix = /^(ac|co|com|edu|gov|net|ne|or|org|go)\.[a-z]{2}$/

const isShared = (suffix: string): boolean =>
  suffix.split(".").length < 2 ||
  countrySuffix.test(suffix) ||
  sharedSuffixes.some((shared) => suffix === shared || suffix.endsWith(`.${shared}`))

const checkHosts = ({ endpoints }: ProviderSpec): void => {
  for (const [name, { baseUrl, hosts = [] }] of Object.entries(endpoints)) {
    const shared = hosts.find((host) => host.startsWith("*.") && isShared(host.slice(2)))
    if (shared !== undefined) {
      fail(
        `hosts of endpoint ${name} has ${shared}, but others can have names there, which would receive the API key. List the vendor's own hosts.`
      )
    }
    const own = hosts.find((host) => host === new URL(baseUrl).host)
    if (own !== undefined) fail(`hosts of endpoint ${name} has ${own}, the host of its baseUrl. Remove it.`)
  }
}

const expectedRequirements = (spec: ProviderSpec): ReadonlyArray<readonly [Requirement, string]> => [
  ...(Object.values(spec.endpoints).some(({ hosts = [] }) => hosts.length > 0)
    ? ([["hosts", "an endpoint has hosts"]] as const)
    : []),
  ...((spec.apiKey ?? "required") === "required"
    ? []
    : ([["optional-key", `apiKey is "${spec.apiKey}"`]] as const)),
  ...(spec.keyExchange === undefined ? [] : ([["key-exchange", "the spec has keyExchange"]] as const))
]

const checkRequirements = (spec: ProviderSpec): void => {
  const missing = expectedRequirements(spec).find(([name]) => spec.requires?.includes(name) !== true)
  if (missing !== undefined) {
    fail(
      `requires does not have "${missing[0]}", but ${missing[1]}. Add it, so that an older gentask rejects the provider.`
    )
  }
}

const isHttps = (text: string): boolean => URL.parse(text)?.protocol === "https:"

const checkDocs = ({ submit }: ProviderSpec): void => {
  for (const [model, { docs }] of Object.entries(submit?.models ?? {})) {
    if (docs !== undefined && !isHttps(docs)) {
      fail(
        `The docs ${JSON.stringify(docs)} of the model ${model} is not an https URL. Set it to the page of the model, or remove it to use the docs of the spec.`
      )
    }
  }
}

/** The checks of hosts and requirements. */
export const hostChecks = (spec: ProviderSpec): ReadonlyArray<Check> => [
  { name: "the hosts of endpoints belong to the vendor alone", run: () => checkHosts(spec) },
  { name: "requires has what the spec needs of core", run: () => checkRequirements(spec) },
  ...(spec.submit?.models === undefined
    ? []
    : [{ name: "the docs of models are https URLs", run: () => checkDocs(spec) }])
]
