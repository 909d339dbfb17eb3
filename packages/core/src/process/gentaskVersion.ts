/** The version of this package. `scripts/version.ts` writes it. */
export const gentaskVersion = "0.1.0"
