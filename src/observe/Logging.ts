/**
 * Log lines on standard error, with known secrets taken out.
 *
 * No record carries a secret on purpose, only ids and counts. Errors of libraries may quote the
 * address that was called, token and all, and this takes it out.
 *
 * People appear under a name that is made of their id and the token: lines about one person can be
 * told from others, and a search for the id finds nothing. Nobody can take a person out of a log.
 */
import { createHmac } from "node:crypto"
import { Context, Effect, Layer, Logger, Option, Redacted, References } from "effect"
import { Settings } from "../config/Settings.ts"

/**
 * The secrets of all bots of this process. A library may quote one in a line of another bot, or of
 * none. Those of a bot that has ended are kept: a late line may still quote them.
 */
class Secrets extends Context.Reference<Set<string>>("account-bot/observe/Logging/Secrets", {
  defaultValue: () => new Set(),
}) {}

export const layer = Layer.unwrap(
  Effect.gen(function* () {
    const { logFormat, logLevel, botToken, webhookSecret, otlpEndpoint } = yield* Settings
    const secret = Redacted.value(botToken)
    const secrets = yield* Secrets
    for (const own of [botToken, ...Option.toArray(webhookSecret)]) secrets.add(Redacted.value(own))
    const withoutSecrets = redactor(secrets)
    const withoutIds = aliaser(secret)
    const redact = (text: string) => withoutIds(withoutSecrets(text))
    const format = formats[logFormat]
    return Layer.mergeAll(
      Logger.layer([Logger.withConsoleError(Logger.map(format, redact))]),
      Layer.succeed(References.MinimumLogLevel, logLevel),
      // Where nobody collects spans, making them would cost a tenth of a tap.
      Layer.succeed(References.TracerEnabled, Option.isSome(otlpEndpoint)),
    )
  }),
)

/**
 * Hides `secrets`, as many as there are by then, bot tokens, bearer tokens, private keys and proxy
 * credentials.
 */
export const redactor = (secrets: Iterable<string>) => (text: string) => {
  let known = text
  for (const secret of secrets) {
    if (secret.length >= 8) known = known.replaceAll(secret, hidden)
  }
  return shapes.reduce((left, shape) => left.replaceAll(shape, hidden), known)
}

/** The name under which the log speaks of a person. */
export const logNameOf = (secret: string, id: number) =>
  `p-${createHmac("sha256", secret).update(String(id)).digest("hex").slice(0, 10)}`

/** Puts log names in the place of the ids of people, in lines of every format. */
export const aliaser = (secret: string) => (text: string) =>
  text.replaceAll(personIds, (_, before: string, id: string) => {
    const name = logNameOf(secret, Number(id))
    // In JSON a number stands without quotes.
    return before + (before.endsWith(":") ? `"${name}"` : name)
  })

/** Annotations that hold the id of a person or a chat, or the key of a request, which begins with it. */
const personIds = /(\b(?:admin|by|chat|holder|person|request|user)(?:=|":"?))(\d+)/g

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
