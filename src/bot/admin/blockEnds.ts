/** Suspended access that ended by its time: Telegram lists the commands again. */
import { Clock, Duration, Effect, Layer } from "effect"
import { Access } from "../../access/Access.ts"
import { Blocks } from "../../access/Blocks.ts"
import { every } from "../../observe/background.ts"
import { showCommands } from "../Commands.ts"
import { Languages } from "../Languages.ts"
import { Telegram } from "../Telegram.ts"

/** Only for comfort: the access itself is open from the very moment on. */
const period = Duration.minutes(1)

export const once = Effect.gen(function* () {
  const access = yield* Access
  const blocks = yield* Blocks
  const telegram = yield* Telegram
  const languages = yield* Languages
  for (const { id } of yield* blocks.expire(yield* Clock.currentTimeMillis)) {
    yield* Effect.logInfo("a suspended access is open again").pipe(
      Effect.annotateLogs({ person: id }),
    )
    if (!(yield* access.isAllowed(id))) continue
    yield* showCommands(telegram, id, yield* languages.textsFor(id))
  }
})

export const layer = Layer.effectDiscard(every("ends of suspended access", period)(once))
