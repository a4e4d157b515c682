/** Suspended access that ended by its time: Telegram lists the commands again. */
import { Clock, Duration, Effect, Layer } from "effect"
import { Access } from "../../access/Access.ts"
import { Blocks } from "../../access/Blocks.ts"
import { Settings } from "../../config/Settings.ts"
import { every } from "../../observe/background.ts"
import { showCommands } from "../Commands.ts"
import { Telegram } from "../Telegram.ts"
import { textsOf } from "../texts/textsOf.ts"

/** Only for comfort: the access itself is open from the very moment on. */
const period = Duration.minutes(1)

export const once = Effect.gen(function* () {
  const access = yield* Access
  const blocks = yield* Blocks
  const telegram = yield* Telegram
  const texts = textsOf((yield* Settings).language)
  for (const { id } of yield* blocks.expire(yield* Clock.currentTimeMillis)) {
    yield* Effect.logInfo("a suspended access is open again").pipe(
      Effect.annotateLogs({ person: id }),
    )
    if (yield* access.isAllowed(id)) yield* showCommands(telegram, id, texts)
  }
})

export const layer = Layer.effectDiscard(every("ends of suspended access", period)(once))
