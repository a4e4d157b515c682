/**
 * The beginning of every process. Node keeps what it compiles of the program and its packages, so
 * that the next start takes half the time; where the place for that is not writable it goes without.
 */
import { enableCompileCache } from "node:module"

enableCompileCache(`${import.meta.dirname}/../node_modules/.cache/account-bot-compiled`)

await import("./terminal.ts")
