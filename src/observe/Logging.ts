/**
 * Log lines on standard error, with known secrets taken out.
 *
 * No record carries a secret on purpose, only ids and counts. Errors of libraries may quote the
 * address that was called, token and all, and this takes it out.
 */
import { Effect, Layer, Logger, Option, Redacted, References } from "effect"
import { Settings } from "../config/Settings.ts"

export const layer = Layer.unwrap(
  Effect.gen(function* () {
    const { logFormat, logLevel, botToken, otlpEndpoint } = yield* Settings
    const redact = redactor([Redacted.value(botToken)])
    const format = formats[logFormat]
    return Layer.mergeAll(
      Logger.layer([Logger.withConsoleError(Logger.map(format, redact))]),
      Layer.succeed(References.MinimumLogLevel, logLevel),
      // Where nobody collects spans, making them would cost a tenth of a tap.
      Layer.succeed(References.TracerEnabled, Option.isSome(otlpEndpoint)),
    )
  }),
)

/** Hides `secrets`, bot tokens, bearer tokens, private keys and proxy credentials. */
export const redactor = (secrets: ReadonlyArray<string>) => (text: string) => {
  const known = secrets
    .filter((secret) => secret.length >= 8)
    .reduce((left, secret) => left.replaceAll(secret, hidden), text)
  return shapes.reduce((left, shape) => left.replaceAll(shape, hidden), known)
}

const hidden = "<redacted>"

const shapes = [
  /(?<!\d)\d{5,}:[\w-]{30,}/g,
  /Bearer\s+[\w.~+/-]{8,}=*/gi,
  /ya29\.[\w-]+/g,
  /-----BEGIN[^-]*PRIVATE KEY-----[\s\S]*?(?:-----END[^-]*PRIVATE KEY-----|$)/g,
  /(?<=\/\/)[^/\s:@]+:[^/\s@]+(?=@)/g,
]

const formats = {
  pretty: Logger.formatSimple,
  logfmt: Logger.formatLogFmt,
  json: Logger.formatJson,
}
