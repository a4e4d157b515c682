/** What an update has sent is not sent a second time when it is handled once more. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber, Layer } from "effect"
import { html, type Screen } from "../../src/bot/Screen.ts"
import { SentOnce } from "../../src/bot/SentOnce.ts"
import { Telegram } from "../../src/bot/Telegram.ts"
import { Journal } from "../../src/store/Journal.ts"
import { MemoryJournal } from "../store/MemoryJournal.ts"
import * as FakeTelegram from "./FakeTelegram.ts"

const anna = 42
const boris = 43

const screen = (text: string): Screen => ({ html: html`${text}`, keyboard: [] })

const bytes = new Uint8Array([1])

/** A disk and chats that outlive a process, and what runs one. */
const makeOutside = () => {
  const disk = MemoryJournal.makeDisk()
  const fake = FakeTelegram.make()
  const inProcess = <A, E>(self: Effect.Effect<A, E, Telegram | Journal>) =>
    self.pipe(
      Effect.provide(
        SentOnce.layer.pipe(
          Layer.provide(fake.layer),
          Layer.provideMerge(MemoryJournal.layer(disk)),
        ),
        { local: true },
      ),
      Effect.orDie,
    )
  const texts = (chatId: number) => fake.chat(chatId).map((shown) => String(shown.screen.html))
  return { disk, fake, inProcess, texts }
}

/** Handles the update, which is not noted as handled. */
const handled = <A, E, R>(update: number, handling: Effect.Effect<A, E, R>) =>
  Effect.flatMap(SentOnce, ({ because }) => because(update, handling))

const say = (chatId: number, text: string) =>
  Telegram.use((telegram) => telegram.send(chatId, screen(text)))

const documents = Journal.use((journal) => journal.documents("sent"))

describe("an update that is handled once more", () => {
  it.effect("draws what it has sent anew, with what there is to say by then", () =>
    Effect.gen(function* () {
      const { inProcess, texts, fake } = makeOutside()
      const first = yield* inProcess(
        handled(7, Effect.andThen(say(anna, "999 добавлен"), say(boris, "новость"))),
      )
      const again = yield* inProcess(
        handled(
          7,
          Effect.gen(function* () {
            yield* say(anna, "999 уже есть")
            const message = yield* say(boris, "новость")
            yield* say(anna, "и ещё одно")
            return message
          }),
        ),
      )
      assert.deepStrictEqual(again, first)
      assert.deepStrictEqual(texts(anna), ["999 уже есть", "и ещё одно"])
      assert.deepStrictEqual(texts(boris), ["новость"])
      assert.lengthOf(fake.chat(boris), 1)
    }),
  )

  it.effect("sends no second picture and no second file", () =>
    Effect.gen(function* () {
      const { inProcess, texts } = makeOutside()
      const handling = handled(
        7,
        Telegram.use((telegram) =>
          Effect.all([
            telegram.sendPhoto(anna, bytes, screen("картинка")),
            telegram.sendDocument(anna, { name: "a.csv", bytes }, screen("файл")),
            telegram.send(anna, screen("слова")),
          ]),
        ),
      )
      const [first, again] = [yield* inProcess(handling), yield* inProcess(handling)]
      assert.deepStrictEqual(again, first)
      assert.deepStrictEqual(texts(anna), ["картинка", "файл", "слова"])
    }),
  )

  it.effect("sends again what was deleted since, and what nobody knows of", () =>
    Effect.gen(function* () {
      const { inProcess, texts, disk } = makeOutside()
      const message = yield* inProcess(handled(7, say(anna, "раз")))
      yield* inProcess(Telegram.use((telegram) => telegram.remove(message)))
      yield* inProcess(handled(7, say(anna, "два")))
      disk.failing = true
      yield* inProcess(handled(8, say(boris, "раз")))
      disk.failing = false
      yield* inProcess(handled(8, say(boris, "два")))
      assert.strictEqual(texts(anna).at(-1), "два")
      assert.deepStrictEqual(texts(boris), ["раз", "два"])
    }),
  )
})

describe("another update, and nothing at all", () => {
  it.effect("have messages of their own", () =>
    Effect.gen(function* () {
      const { inProcess, texts } = makeOutside()
      yield* inProcess(
        Effect.gen(function* () {
          yield* handled(7, say(anna, "7"))
          yield* handled(8, say(anna, "8"))
          yield* say(anna, "без повода")
          yield* say(anna, "без повода")
        }),
      )
      assert.deepStrictEqual(texts(anna), ["7", "8", "без повода", "без повода"])
    }),
  )

  it.effect("leave nothing behind once they are noted as handled", () =>
    Effect.gen(function* () {
      const { inProcess } = makeOutside()
      yield* inProcess(
        Effect.gen(function* () {
          const journal = yield* Journal
          const { forget } = yield* SentOnce
          yield* handled(7, say(anna, "7"))
          yield* handled(8, say(anna, "8"))
          assert.lengthOf(yield* documents, 2)
          yield* journal.write(forget([7]))
          assert.deepStrictEqual(
            (yield* documents).map(({ key }) => key),
            [`${anna}:8:text:1`],
          )
          yield* journal.write(forget([7, 8]))
          assert.deepStrictEqual(yield* documents, [])
        }),
      )
    }),
  )

  it.effect("whatever is still on its way then", () =>
    Effect.gen(function* () {
      const { inProcess, fake } = makeOutside()
      yield* inProcess(
        Effect.gen(function* () {
          const { reached, release } = fake.hang("send")
          const late = yield* handled(7, Effect.forkDetach(say(anna, "поздно")))
          yield* reached
          yield* release
          yield* Fiber.await(late)
          assert.deepStrictEqual(yield* documents, [])
        }),
      )
    }),
  )
})
