/** What was logged, for tests that ask whether somebody would have heard of it. */
import { Effect, Logger } from "effect"

/** Lines at the levels Warn and Error, without their causes. */
export const capture = Effect.sync(() => {
  const lines: Array<string> = []
  const logger = Logger.make(({ logLevel, message }) => {
    if (logLevel === "Warn" || logLevel === "Error") lines.push(String([message].flat()[0]))
  })
  return { lines, layer: Logger.layer([logger]) }
})
