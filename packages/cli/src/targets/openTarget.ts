/** Loaded on use: only commands with `--to` need it. */
export { s3Target } from "@gentask/target-s3"
