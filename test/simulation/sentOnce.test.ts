/** A person is answered once, also where a kill comes between the answer and the end of the update. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { accounts } from "./accountsStory.ts"
import type { Kill } from "./Fuse.ts"
import { inVirtualTime } from "./virtualTime.ts"
import { ivan, makeWorld, seconds, start } from "./World.ts"

const never: Kill = { at: 0, moment: "before" }

/** Says something, and gives how often it is answered and what the program did, killed as asked. */
const answeredTo = (text: string, kill: Kill) =>
  Effect.gen(function* () {
    const world = yield* makeWorld(accounts.stage, 8)
    const first = yield* start(world, kill)
    yield* seconds(5)
    const { messageId } = yield* world.chats.say(ivan, text)
    yield* seconds(5)
    const isKilled = kill.at > 0
    const second = isKilled ? yield* start(world, never) : first
    yield* seconds(10)
    const answers = (yield* world.chats.chat(ivan)).filter(
      (message) => message.from === "bot" && message.messageId > messageId,
    )
    yield* second.stop
    return { answers: answers.length, calls: first.fuse.calls }
  }).pipe(inVirtualTime)

/** What notes the update as handled and lets go of what it has sent. */
const end = "write UpdateHandled+DocumentRemoved"

describe("an answer", () => {
  it.effect.each(["/menu", "/help", "мамба 495"])("to %s comes once", (text) =>
    Effect.gen(function* () {
      const calm = yield* answeredTo(text, never)
      assert.isAbove(calm.answers, 0)
      const at = calm.calls.lastIndexOf(end) + 1
      assert.isAbove(at, 0, calm.calls.join("\n"))
      const killed = yield* answeredTo(text, { at, moment: "before" })
      assert.strictEqual(killed.calls.at(-1), end)
      assert.strictEqual(killed.answers, calm.answers)
    }),
  )
})
