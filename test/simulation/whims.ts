/**
 * What people do once in a while instead of what a story has them do: more time, a reason, a hand-over,
 * an admin who takes an item. A whim has no more steps than those that it replaces.
 */
import { Clock, Effect, Random } from "effect"
import { ru } from "../../src/bot/texts/ru.ts"
import type { PoolEvent } from "../../src/domain/PoolEvent.ts"
import type { ProxyEvent } from "../../src/domain/ProxyEvent.ts"
import { poolEvents, proxyEvents } from "./history.ts"
import { press, pressAnywhere, type Step, toMenu } from "./steps.ts"
import { admin, ivan, maria, type World } from "./World.ts"

/** Several whims, each with its weight; an empty one leaves the story as it is. */
type Whims = ReadonlyArray<readonly [weight: number, steps: ReadonlyArray<Step>]>

/** The steps of a story in whose place one of the whims comes in some runs. */
export interface Whimsical {
  readonly replaced: ReadonlyArray<Step>
  readonly whims: Whims
}

/** Draws the steps of one run. */
export const drawSteps = Effect.fnUntraced(function* (
  steps: ReadonlyArray<Step>,
  whimsical: Whimsical | undefined,
) {
  if (whimsical === undefined) return steps
  const { replaced, whims } = whimsical
  const whim = yield* drawWhim(whims)
  if (whim.length === 0) return steps
  return steps.flatMap((step) => {
    if (step === replaced[0]) return whim
    return replaced.includes(step) ? [] : [step]
  })
})

const drawWhim = (whims: Whims) =>
  Random.choice(whims.flatMap(([weight, steps]) => Array.from({ length: weight }, () => steps)))

const happened = (isSo: (event: PoolEvent) => boolean) => (world: World) =>
  Effect.sync(() => poolEvents(world.disk, "mamba").some(isSo))

/** Whoever waits too long, after a kill or a lost message, finds that the timer was first. */
const isTimer = (event: PoolEvent) => event._tag === "Confirmed" && event.mark.auto

const orTimer = (isSo: (event: PoolEvent) => boolean) =>
  happened((event) => isSo(event) || isTimer(event))

const extend: Step = {
  name: "Ivan takes more time",
  done: orTimer(({ _tag }) => _tag === "Extended"),
  act: (world) => pressAnywhere(ivan, [ru.batch.extend])(world),
}

const markRest: Step = {
  name: "Ivan marks all that is left",
  done: happened((event) => event._tag === "Confirmed" && event.mark.by === ivan),
  act: press(ivan, [/^Да, отметить/, /Остальные: Хороший/], (world) =>
    pressAnywhere(ivan, [/Остальные: Хороший/])(world),
  ),
}

const block: Step = {
  name: "Ivan marks one as blocked",
  done: orTimer((event) => event._tag === "Confirmed" && event.mark.status === "block"),
  act: (world) => pressAnywhere(ivan, ["2 ⛔ Блок"])(world),
}

const sayWhy: Step = {
  name: "Ivan says why",
  done: orTimer(({ _tag }) => _tag === "Commented"),
  act: Effect.fnUntraced(function* (world: World) {
    const last = (yield* world.chats.chat(ivan)).findLast(({ from }) => from === "bot")
    if (last?.text.includes("Почему ") === true) return yield* world.chats.say(ivan, "не входит")
    return yield* pressAnywhere(ivan, [/Почему\?$/])(world)
  }),
}

/** Ivan offers one of two; the offer ends like this, or in another way where somebody was too slow. */
const handOver = (end: "accept" | "decline" | "withdraw"): Step => ({
  name: `Ivan offers an item to Maria: ${end}`,
  done: orTimer(({ _tag }) => _tag === "Transferred" || _tag === "OfferEnded"),
  act: Effect.fnUntraced(function* (world: World) {
    const isOffered = yield* happened(({ _tag }) => _tag === "Offered")(world)
    if (!isOffered) {
      const steps = ["maria", /^Mamba › 495, /, ru.handing.button, "Мои выдачи"]
      return yield* press(ivan, steps, toMenu(ivan))(world)
    }
    return yield* end === "withdraw"
      ? pressAnywhere(ivan, [ru.handing.withdraw])(world)
      : pressAnywhere(maria, [end === "accept" ? ru.handing.accept : ru.handing.decline])(world)
  }),
})

/** The admin takes what somebody has for longest. */
const take = (ways: ReadonlyArray<string>): Step => ({
  name: `the admin takes an item: ${ways.join(", ")}`,
  done: orTimer(
    (event) =>
      event._tag === "SetAside" ||
      event._tag === "Transferred" ||
      (event._tag === "Confirmed" && event.mark.by === admin),
  ),
  act: Effect.fnUntraced(function* (world: World) {
    const last = (yield* world.chats.chat(admin)).findLast(({ from }) => from === "bot")
    return yield* last?.text.includes("Почему?") === true
      ? world.chats.say(admin, "так нужно")
      : press(admin, [...ways, "1"], () => world.chats.say(admin, "/who"))(world)
  }),
})

/** Instead of the marks that Ivan sets in the story of the accounts. */
export const accountWhims: Whims = [
  [8, []],
  [1, [extend, markRest]],
  [1, [markRest]],
  [2, [block, sayWhy]],
  [1, [handOver("accept")]],
  [1, [handOver("decline"), markRest]],
  [1, [handOver("withdraw"), extend]],
  [1, [take([ru.taking.aside])]],
  [1, [take(["🛠 Дефектный"])]],
  [1, [take(["maria (3)", "ivan (2)", ru.taking.give])]],
]

const proxyHappened = (tag: ProxyEvent["_tag"]) => (world: World) =>
  Effect.sync(() => proxyEvents(world.disk, "proxy").some(({ _tag }) => _tag === tag))

const giveBack: Step = {
  name: "Maria gives a proxy back",
  // Ten minutes after she took it nobody can any more.
  done: (world) =>
    Effect.map(Clock.currentTimeMillis, (now) =>
      proxyEvents(world.disk, "proxy").some(
        (event) =>
          event._tag === "ProxyReturned" ||
          (event._tag === "ProxyTaken" && event.at + 9 * 60_000 < now),
      ),
    ),
  act: (world) => pressAnywhere(maria, [ru.proxies.goods.giveBack])(world),
}

const report: Step = {
  name: "Maria reports a proxy",
  done: proxyHappened("ProxyBroken"),
  act: (world) => pressAnywhere(maria, [ru.proxies.broken.skip, ru.proxies.goods.broken])(world),
}

const extendProxy: Step = {
  name: "Ivan reserves for longer",
  done: (world) =>
    Effect.map(
      Effect.all([proxyHappened("ProxyExtended")(world), proxyHappened("ProxyReleased")(world)]),
      ([extended, released]) => extended || released,
    ),
  act: (world) => pressAnywhere(ivan, [ru.proxies.getting.extend])(world),
}

/** Instead of the proxy that Maria adds in the story of the evening. */
export const proxyWhims: Whims = [
  [3, []],
  [1, [giveBack]],
  [1, [report]],
  [1, [extendProxy]],
]
