/** Scenes about people and their access, and walks through lists that are longer than a message. */
import { assert } from "@effect/vitest"
import { Context, Effect } from "effect"
import { TestClock } from "effect/testing"
import { Access } from "../../../src/access/Access.ts"
import { visibleLength } from "../../../src/bot/screens/parts.ts"
import type { Screen } from "../../../src/bot/Screen.ts"
import { Day } from "../../../src/domain/Day.ts"
import type { TelegramId } from "../../../src/domain/Employee.ts"
import { CountryCode } from "../../../src/domain/Proxy.ts"
import { buttonsOf, labelsOf } from "../FakeTelegram.ts"
import * as Scene from "../Scene.ts"
import { anna, chief } from "../Scene.ts"

/** 14:22 in Moscow. */
export const start = Date.UTC(2026, 10, 22, 11, 22)

export const ready = Effect.fnUntraced(function* (options: Scene.SceneOptions = {}) {
  const scene = yield* Scene.make(options)
  yield* TestClock.setTime(start)
  return scene
})

export type PeopleScene = Effect.Success<ReturnType<typeof ready>>

/** Anna has just taken three items and marked none. */
export const annaTookThree = Effect.fnUntraced(function* (options: Scene.SceneOptions = {}) {
  const scene = yield* ready(options)
  yield* scene.load("vk", "first", "second", "third")
  yield* scene.fromMenu(anna, "VK", "495", "3")
  return scene
})

export const roleOf = (scene: PeopleScene, id: TelegramId) =>
  Context.get(scene.context, Access).role(id)

/** Adds one proxy for each of these people, reserved by that person. */
export const reserveProxies = Effect.fnUntraced(function* (
  scene: PeopleScene,
  ...people: ReadonlyArray<TelegramId>
) {
  const { proxies } = yield* scene.proxies.add({
    _tag: "Add",
    message: { chatId: chief, messageId: 1 },
    type: "http",
    endpoints: people.map((_, at) => ({
      host: `192.0.2.${at + 1}`,
      port: 8080,
      user: "user",
      password: "secret",
    })),
    country: CountryCode.make("DE"),
    until: Day.make("2026-12-01"),
    targets: [],
    by: chief,
  })
  for (const [at, by] of people.entries()) {
    yield* scene.proxies.reserve({
      _tag: "Reserve",
      proxy: proxies[at]!.id,
      targets: ["vk"],
      by,
      stage: "",
      message: { chatId: by, messageId: 77 },
    })
  }
  assert.lengthOf(yield* scene.proxies.free([]), 0)
  return proxies
})

/** All pages from the one that is shown on. Each has to keep within the limits of Telegram. */
export const walk = Effect.fnUntraced(function* (scene: PeopleScene, id: TelegramId, onward = "›") {
  const screens = [scene.last(id).screen]
  while (labelsOf(scene.last(id).screen).flat().includes(onward)) {
    yield* scene.tap(id, onward)
    screens.push(scene.last(id).screen)
    assert.isBelow(screens.length, 199)
  }
  for (const screen of screens) {
    assert.isAtMost(visibleLength(screen.html), 4096)
    assert.isAtMost(buttonsOf(screen).length, 100)
    for (const row of screen.keyboard) assert.isAtMost(row.length, 8)
    for (const button of buttonsOf(screen)) {
      if (button.kind === "tap") assert.isAtMost(Buffer.byteLength(button.data), 64)
    }
  }
  return screens
})

/** What the buttons of one kind carry, by its code. */
export const dataIn = (screens: ReadonlyArray<Screen>, code: string): ReadonlyArray<string> =>
  screens
    .flatMap(buttonsOf)
    .flatMap((button) =>
      button.kind === "tap" && button.data.startsWith(`${code}:`) ? [button.data] : [],
    )
