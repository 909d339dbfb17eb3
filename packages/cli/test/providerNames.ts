import { bundledPackages } from "../src/discovery/bundledPackages.ts"

/** The providers of the command line, as its messages list them. */
export const providerNames = bundledPackages.map(({ manifest }) => manifest.gentask.provider).join(", ")
