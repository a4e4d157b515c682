/** 500 employees and 200 regions: every list stays within Telegram's limits and shows all of them. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber } from "effect"
import { TestClock } from "effect/testing"
import { Regions } from "../../../src/access/Regions.ts"
import type { Roster } from "../../../src/access/Whitelist.ts"
import { TelegramId } from "../../../src/domain/Employee.ts"
import { textOf } from "../FakeTelegram.ts"
import { anItem, chief } from "../Scene.ts"
import { dataIn, ready, walk } from "./peopleScene.ts"

const count = 500
const idOf = (at: number) => TelegramId.make(7_000_000_000 + at)
const stageOf = (at: number) => `<&>${at}.`.padEnd(32, "Щ")
const ids = Array.from({ length: count }, (_, at) => idOf(at))
const roster: Roster = Object.fromEntries(
  ids.map((id, at) => [String(id), { stage: stageOf(at), is_approved: true }]),
)

/** The longest that there may be. */
const codes = Array.from({ length: 200 }, (_, at) => `Ы${at}Ю`.padEnd(16, "Щ"))

/** Each of them holds one item, the first one sixty. */
const crowded = Effect.fnUntraced(function* (language: "ru" | "en") {
  const scene = yield* ready({ roster, language, pendingLimit: 100 })
  const holders = [...ids, ...Array.from({ length: 59 }, () => idOf(0))]
  yield* scene.load("vk", ...holders.map((_, at) => `item${at}`))
  for (const [at, by] of holders.entries()) {
    const message = { chatId: by, messageId: at }
    yield* scene.pools.ask("vk", {
      _tag: "Issue",
      message,
      variant: null,
      region: codes[at % codes.length]!,
      targets: [],
      quantity: 1,
      by,
      stage: stageOf(holders.indexOf(by)),
    })
  }
  return scene
})

for (const language of ["ru", "en"] as const) {
  describe(`500 employees, in ${language}`, () => {
    it.effect("are all in /whitelist, on the pages of /who, and among the colleagues", () =>
      Effect.gen(function* () {
        const scene = yield* crowded(language)
        yield* scene.say(chief, "/whitelist")
        assert.strictEqual(new Set(dataIn(yield* walk(scene, chief), "wp1")).size, count + 2)

        yield* scene.say(chief, "/who")
        const people = yield* walk(scene, chief)
        assert.strictEqual(new Set(dataIn(people, "wq1")).size, count)
        yield* scene.tapData(chief, scene.last(chief).messageId, "wh1:items.0.")
        const items = (yield* walk(scene, chief)).map(textOf).join("\n")
        for (const at of ids.keys()) assert.include(items, `<&>${at}.`)
        yield* scene.tapData(chief, scene.last(chief).messageId, `wq1:${idOf(0)}.0.`)
        assert.isAbove((yield* walk(scene, chief)).length, 1)

        yield* scene.say(chief, `/block ${idOf(0)}`)
        const { messageId } = scene.last(chief)
        yield* walk(scene, chief)
        yield* scene.tapData(chief, messageId, `lf1:${idOf(0)}.0`)
        const left = yield* walk(scene, chief)
        assert.strictEqual(new Set(dataIn(left, "lt1")).size, 61)
        yield* scene.tapData(chief, messageId, `lt1:${idOf(0)}.all.0`)
        assert.strictEqual(new Set(dataIn(yield* walk(scene, chief), "lg1")).size, count - 1 + 2)
      }),
    )
  })

  describe(`200 regions, in ${language}`, () => {
    const open = Effect.suspend(() =>
      ready({ roster, language, regions: Regions.layerTest(...codes) }),
    )

    it.effect("are all in /regions, and on the buttons of the wizards and of the statistics", () =>
      Effect.gen(function* () {
        const scene = yield* open
        const who = idOf(0)
        yield* scene.say(chief, "/regions")
        const list = (yield* walk(scene, chief)).map(textOf).join("\n")
        for (const code of codes) assert.include(list, code)

        yield* scene.say(who, "/menu")
        const { messageId } = scene.last(who)
        for (const [data, screen] of [
          ["re1:mamba", "rg2"],
          ["re1:gmail", "rg2"],
          ["rs1:number.7.0", "rg2"],
          ["sr1:mamba.male.0", "sp1"],
          ["sr1:number..0", "sp1"],
        ] as const) {
          yield* scene.tapData(who, messageId, data)
          const shown = dataIn(yield* walk(scene, who), screen).map((each) =>
            each.split(".").at(-1),
          )
          assert.includeMembers(shown, codes, data)
        }
      }),
    )

    it.effect("that are bound to rows fit above an empty stock, and into one command", () =>
      Effect.gen(function* () {
        const scene = yield* open
        const who = idOf(0)
        yield* scene.load(
          "vk",
          ...codes.slice(1).map((region, at) => anItem("vk", `item${at}`, { region })),
        )
        yield* scene.say(who, "/menu")
        const { messageId } = scene.last(who)
        const data = `is2:vk.0.${codes[0]}.1.`
        const tap = yield* Effect.forkChild(scene.tapData(who, messageId, data))
        // The bot waits a little for what the sheet may have.
        yield* TestClock.adjust("10 seconds")
        yield* Fiber.join(tap)
        yield* walk(scene, who)
        assert.match(scene.lastText(who), /Щ: 1, Ы\d+Ю/)
        const asked = codes.map((code) => code.replace("Ы", "Э")).join(", ")
        for (const command of ["/add_region", "/remove_region"]) {
          yield* scene.say(chief, `${command} ${asked}`)
          yield* walk(scene, chief)
        }
      }),
    )
  })
}
