/**
 * The service account's key out of GOOGLE_CREDENTIALS_JSON: the JSON itself, the same in base64,
 * or a path to it.
 */
import { Effect, FileSystem, Option, Redacted, Result, Schema } from "effect"

const Credentials = Schema.Struct({
  email: Schema.NonEmptyString,
  key: Schema.RedactedFromValue(Schema.NonEmptyString),
}).pipe(Schema.encodeKeys({ email: "client_email", key: "private_key" }))

/** Says what is wrong, never what stands there. */
export class CredentialsInvalid extends Schema.TaggedError<CredentialsInvalid>()(
  "CredentialsInvalid",
  { problem: Schema.String },
) {
  override get message() {
    return `GOOGLE_CREDENTIALS_JSON: ${this.problem}`
  }
}

export const readCredentials = Effect.fn("Credentials.read")(function* (
  setting: Redacted.Redacted,
) {
  const text = Redacted.value(setting)
  const json = Option.getOrElse(inPlace(text), () => undefined) ?? (yield* fromFile(text))
  const credentials = yield* Effect.mapError(
    decode(json),
    ({ message }) => new CredentialsInvalid({ problem: message }),
  )
  // Through env files and consoles the line ends of the key often arrive as two characters.
  const key = Redacted.value(credentials.key).replaceAll("\\n", "\n")
  return { email: credentials.email, key: Redacted.make(key) }
})

const fromFile = Effect.fnUntraced(function* (path: string) {
  const fs = yield* FileSystem.FileSystem
  return yield* Effect.mapError(
    fs.readFileString(path),
    () =>
      new CredentialsInvalid({
        problem:
          "is neither the service account's JSON nor its base64, and no such file is readable",
      }),
  )
})

const decode = Schema.decodeEffect(Schema.fromJsonString(Credentials))

const inPlace = (text: string): Option.Option<string> => {
  if (text.startsWith("{")) return Option.some(text)
  const decoded = /^[\w+/=\s-]+$/.test(text)
    ? Result.getOrElse(Schema.decodeResult(Schema.StringFromBase64)(text), () => "")
    : ""
  return decoded.trimStart().startsWith("{") ? Option.some(decoded) : Option.none()
}
