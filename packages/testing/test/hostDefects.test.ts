import type { ProviderSpec } from "@gentask/core/provider"
import * as check from "./support/checkNames.ts"
import { testOperationDefects } from "./support/OperationDefect.ts"
import { request as queryRequest } from "./support/orbit.ts"
import { models, studio } from "./support/studio.ts"

const withHosts = (...hosts: ReadonlyArray<string>): Partial<ProviderSpec> => ({
  endpoints: { main: { baseUrl: "https://api.orbit.example", hosts: ["files.orbit.example", ...hosts] } }
})

testOperationDefects("the checks of hosts", [
  {
    defect: "all names below a shared suffix",
    spec: withHosts("*.s3.amazonaws.com"),
    fails: {
      [check.hosts]: /^hosts of endpoint main has \*\.s3\.amazonaws\.com, but others can have names there/
    }
  },
  {
    defect: "all names below the suffix of a country",
    spec: withHosts("*.co.uk"),
    fails: { [check.hosts]: /^hosts of endpoint main has \*\.co\.uk/ }
  },
  {
    defect: "the host of the base URL in hosts",
    spec: withHosts("api.orbit.example"),
    fails: { [check.hosts]: /has api\.orbit\.example, the host of its baseUrl\. Remove it\.$/ }
  },
  {
    defect: "hosts that are not required",
    spec: { requires: [] },
    fails: { [check.requirements]: /^requires does not have "hosts", but an endpoint has hosts\./ }
  },
  {
    defect: "an optional key that is not required",
    spec: { apiKey: "optional" },
    fails: { [check.requirements]: /^requires does not have "optional-key", but apiKey is "optional"\./ }
  },
  {
    defect: "the documentation of a model over http",
    operations: {
      submit: {
        models: { ...models, "comet-1": { ...(models["comet-1"] as object), docs: "comet" } as never }
      }
    },
    fails: { [check.modelDocs]: /^The docs "comet" of the model comet-1 is not an https URL\./ }
  },
  {
    defect: "a param that is not encoded",
    spec: {
      query: {
        ...studio.query,
        request: (task) => {
          const described = queryRequest(task)
          const { region } = task.params as { readonly region?: string }
          // The documented path of the region that is recorded.
          return region === undefined || region === "north"
            ? described
            : { ...described, path: `${described.path}${region.includes("/") ? region : ""}` }
        }
      }
    },
    fails: { [check.paramEncoding]: /^The param region "a\/b" changes the form of the request/ }
  }
])
