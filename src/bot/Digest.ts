/**
 * The morning digest, to every admin, once a day.
 *
 * That the day's digest is sent is on the disk before it is: whoever crashes in between costs the
 * admins one digest, and nobody ever gets two. For the same reason what Telegram did not take is
 * not sent again; /stock and /stats tell the same at any time.
 */
import { Clock, Effect, Layer, Option, Schema } from "effect"
import { digestPatience, digestPeriod } from "../config/Limits.ts"
import { Settings } from "../config/Settings.ts"
import { Day, dayOf } from "../domain/Day.ts"
import { every } from "../observe/background.ts"
import { CaughtUp } from "../observe/CaughtUp.ts"
import { BaseStock } from "../pool/BaseStock.ts"
import { Morning } from "../stats/Morning.ts"
import { Journal } from "../store/Journal.ts"
import { digestScreen } from "./admin/digestScreen.ts"
import * as TellAdmins from "./admin/tellAdmins.ts"
import { isDue } from "./digestTimes.ts"

/** Sends the digest if it is due and was not sent yet; not without all its figures. */
export const once = Effect.gen(function* () {
  const { digestTime, timezone } = yield* Settings
  const journal = yield* Journal
  const morning = yield* Morning
  const now = yield* Clock.currentTimeMillis
  if (Option.isNone(digestTime) || !isDue(now, digestTime.value, timezone)) return
  const today = dayOf(now, timezone)
  const sent = (yield* journal.documents(kind)).flatMap(({ body }) => Option.toArray(decode(body)))
  // A clock that was set back is no new morning.
  if (sent.some(({ day }) => day >= today)) return
  const report = yield* morning.report
  yield* journal.write([{ _tag: "DocumentPut", kind, key, body: { day: today } }])
  const tellAdmins = yield* TellAdmins.make
  yield* tellAdmins((texts) => digestScreen(report, texts))
}).pipe(Effect.withSpan("Digest.once"))

/** What waited in Telegram belongs to yesterday, and what is left in the sheet is counted first. */
export const layer = Layer.effectDiscard(
  Effect.gen(function* () {
    const caughtUp = yield* CaughtUp
    const baseStock = yield* BaseStock
    const tried = Effect.catchTag(once, "StorageUnavailable", ({ message }) =>
      Effect.logWarning("the digest waits", message),
    )
    yield* caughtUp.wait.pipe(
      Effect.andThen(Effect.timeoutOption(baseStock.known, digestPatience)),
      Effect.andThen(every("digest", digestPeriod)(tried)),
      Effect.forkScoped,
    )
  }),
)

/** Kind and key of the one document that says which day had its digest. */
const kind = "digest"
const key = "sent"

const decode = Schema.decodeUnknownOption(Schema.Struct({ day: Day }))
