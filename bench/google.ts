/**
 * Google for a bot that is measured, in a process of its own: the emulator of the demo with plain
 * rows in «ВКонтакте». `node bench/google.ts <rows> [<bots>]` tells its parent the address; for so
 * many bots more there are the spreadsheets `accounts-0` and `issued-0` and so on.
 */
import * as NodeServices from "@effect/platform-node/NodeServices"
import { Effect, Layer } from "effect"
import { russian } from "../src/playground/companies/russian.ts"
import { Playground } from "../src/playground/Playground.ts"
import { PlaygroundClock } from "../src/playground/PlaygroundClock.ts"
import { Workbooks } from "../src/playground/spreadsheets/Workbooks.ts"
import { World } from "../src/playground/World.ts"

// A bench that is stopped leaves no process behind.
process.once("disconnect", () => process.exit())

const [rows, bots] = [Number(process.argv[2]), Number(process.argv[3] ?? 0)]

const tab = {
  title: "ВКонтакте",
  rows: [
    ["Дата", "Логин", "Пароль"],
    ...Array.from({ length: rows }, (_, n) => [
      "01.02.2026",
      `goods${n}@example.com`,
      `password-${n}`,
    ]),
  ],
}

const company = {
  ...russian,
  accounts: {
    ...russian.accounts,
    tabs: () => [tab],
  },
}

const outside = Playground.layer({ port: 0, token: "1:unused", company }).pipe(
  Layer.provideMerge(PlaygroundClock.layer),
  Layer.provideMerge(World.layerMemory),
  Layer.provide(NodeServices.layer),
)

await Effect.runPromise(
  Effect.gen(function* () {
    const { url } = yield* Playground
    const { create } = yield* Workbooks
    for (let n = 0; n < bots; n += 1) {
      yield* create(`accounts-${n}`, { title: `accounts ${n}`, tabs: [tab] })
      yield* create(`issued-${n}`, { title: `issued ${n}`, tabs: [] })
    }
    process.send?.(url)
    return yield* Effect.never
  }).pipe(Effect.provide(outside), Effect.scoped),
)
