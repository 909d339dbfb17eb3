/**
 * What verifies signatures of webhooks, for plugins: `@gentask/core/signatures`. An entry of its own, because it imports
 * `node:crypto`, which other runtimes may not have.
 */
export { isSameSignature } from "./isSameSignature.ts"
export { verifyStandardWebhook } from "./verifyStandardWebhook.ts"
