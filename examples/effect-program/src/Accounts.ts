/** The accounts that environment variables configure: `JIMMY_API_KEY`, `JIMENG_OCTOPUSX_API_KEY`, `JIMMY_BASE_URL` and so on. */
import { accountsFromVariables } from "@gentask/core"
import aigptimageSpec from "@gentask/provider-aigptimage"
import jimengSpec from "@gentask/provider-jimeng"
import jimmySpec from "@gentask/provider-jimmy"
import soraSpec from "@gentask/provider-sora"

/** Remove the providers that you do not need. */
export const accounts = [aigptimageSpec, jimengSpec, jimmySpec, soraSpec].flatMap((spec) =>
  accountsFromVariables(spec, process.env)
)
