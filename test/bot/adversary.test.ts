/** Whoever presses whatever, whatever fails: one answer, and nothing of anybody else's. */
import { assert, describe, it } from "@effect/vitest"
import { Context, Effect, Fiber } from "effect"
import { TestClock } from "effect/testing"
import { Whitelist } from "../../src/access/Whitelist.ts"
import type { Action } from "../../src/bot/buttons.ts"
import { Languages } from "../../src/bot/Languages.ts"
import { en } from "../../src/bot/texts/en.ts"
import { ru } from "../../src/bot/texts/ru.ts"
import { Waitlist } from "../../src/bot/Waitlist.ts"
import type { TelegramId } from "../../src/domain/Employee.ts"
import { add } from "./proxyFixtures.ts"
import * as Scene from "./Scene.ts"
import { anna, boris, chief, noon, stranger, vera } from "./Scene.ts"

/** Anna has taken one proxy, and another one is reserved for her. */
const annaUses = Effect.fnUntraced(function* (
  scene: Effect.Success<ReturnType<typeof Scene.make>>,
) {
  const { proxies } = yield* add(scene, { count: 2 })
  const held = yield* Effect.forEach(proxies, ({ id }, index) =>
    scene.proxies
      .reserve({
        _tag: "Reserve",
        proxy: id,
        targets: ["vk"],
        by: anna,
        stage: "anna",
        message: { chatId: anna, messageId: 900 + index },
      })
      .pipe(
        Effect.tap(({ proxy, generation }) =>
          index === 0
            ? scene.proxies.take({ _tag: "Take", proxy, generation, by: anna })
            : Effect.void,
        ),
      ),
  )
  return held.map(({ proxy, generation }) => ({ proxy, generation }))
})

/** Anna holds two items: one waits for a mark, one is blocked. For a third she waits. */
const annaHolds = Effect.gen(function* () {
  let writes = 0
  const scene = yield* Scene.make({
    bend: (journal) => ({
      ...journal,
      write: (entries) => {
        writes += 1
        return journal.write(entries)
      },
    }),
  })
  yield* TestClock.setTime(noon)
  yield* scene.load("vk", "one", "two", "three")
  yield* scene.fromMenu(anna, "VK", "495", "2", "2 ⛔ Блок")
  const waits = Context.get(scene.context, Waitlist)
  const wait = { resource: "ok", targets: [], region: "495", variant: null, quantity: 1 }
  yield* waits.join(anna, wait)
  const held = yield* scene.pools.held(anna)
  const pending = held.find(({ mark }) => mark === null)?.id
  const blocked = held.find(({ mark }) => mark !== null)?.id
  if (pending === undefined || blocked === undefined) throw new Error("two items were issued")
  const ids = [pending, blocked]
  const used = yield* annaUses(scene)
  /** Counts what was to be kept, also in vain, and the people who may use the bot. */
  const traces = Effect.map(
    Context.get(scene.context, Whitelist).all,
    (people) => `${writes} ${JSON.stringify(people)}`,
  )
  return { ...scene, ids, used, waits, traces, messageId: scene.last(anna).messageId }
})

/** Everything a button can say, aimed at what Anna holds. */
const actionsOn = ({
  ids,
  used,
  messageId,
}: Pick<Scene, "ids" | "used" | "messageId">): ReadonlyArray<Action> => [
  ...ids.flatMap((issuance): ReadonlyArray<Action> => {
    const row = { resource: "vk", issuance }
    return [
      { _tag: "Look", ...row },
      { _tag: "Fold", ...row },
      { _tag: "Reveal", ...row },
      { _tag: "AskRest", ...row },
      { _tag: "MarkRest", ...row, seen: "" },
      { _tag: "UndoTogether", ...row },
      { _tag: "Look", ...row, resource: "ok" },
    ]
  }),
  { _tag: "Menu" },
  { _tag: "Help" },
  { _tag: "My" },
  { _tag: "Cancel" },
  { _tag: "Language", language: "en" },
  { _tag: "Noop" },
  ...(["accounts", "mail", "numbers", "proxies"] as const).map(
    (group) => ({ _tag: "Group", group }) as const,
  ),
  { _tag: "Resource", resource: "vk" },
  { _tag: "Resource", resource: "gmail" },
  { _tag: "Resource", resource: "number" },
  { _tag: "Targets", resource: "number", targets: 5 },
  { _tag: "Targets", resource: "vk", targets: 1 },
  { _tag: "Regions", resource: "number", targets: 0, page: 0 },
  { _tag: "Regions", resource: "vk", targets: 0, page: 9_999 },
  { _tag: "Region", resource: "vk", targets: 0, region: "495" },
  { _tag: "Region", resource: "vk", targets: 0, region: "gone" },
  { _tag: "Region", resource: "number", targets: 4095, region: "495" },
  { _tag: "Quantity", resource: "mamba", targets: 0, region: "495", quantity: 2 },
  { _tag: "Issue", resource: "mamba", targets: 0, region: "495", quantity: 1, variant: "male" },
  { _tag: "Issue", resource: "number", targets: 7, region: "495", quantity: 1, variant: null },
  { _tag: "Lacking", resource: "mamba", targets: 0, region: "495", quantity: 5, variant: "male" },
  { _tag: "Lacking", resource: "number", targets: 4095, region: "495", quantity: 1, variant: null },
  { _tag: "Lacking", resource: "vk", targets: 0, region: "gone", quantity: 1, variant: null },
  { _tag: "Recheck", resource: "vk", targets: 0, region: null },
  { _tag: "Recheck", resource: "number", targets: 4095, region: "gone" },
  ...(["Again", "Wait"] as const).flatMap((_tag): ReadonlyArray<Action> => [
    { _tag, resource: "vk", targets: 0, region: "812", variant: null, quantity: 5 },
    { _tag, resource: "number", targets: 4095, region: "495", variant: null, quantity: 1 },
    { _tag, resource: "mamba", targets: 0, region: "gone", variant: "male", quantity: 1 },
  ]),
  ...(["my", "wait"] as const).map(
    (from) =>
      ({ _tag: "Unwait", resource: "ok", targets: 0, region: "495", variant: null, from }) as const,
  ),
  { _tag: "History", page: 0 },
  { _tag: "History", page: 9_999 },
  { _tag: "TodayOnly", resource: "number", on: "off" },
  { _tag: "TodayOnly", resource: "vk", on: "on" },
  { _tag: "Exports", page: 9_999 },
  { _tag: "ExportOf", resource: null },
  { _tag: "ExportFile", resource: null, days: "all" },
  { _tag: "ExportFile", resource: "gone", days: "7" },
  { _tag: "Health", seen: "" },
  { _tag: "Todo", seen: "" },
  ...(["quarantine", "regions", "stock"] as const).map(
    (what) => ({ _tag: "TodoOpen", what }) as const,
  ),
  { _tag: "StatsAll", region: null, period: "month", view: "regions", whose: "all" },
  { _tag: "StatsAll", region: "gone", period: "day", view: "total", whose: "own" },
  { _tag: "StatsRegions", resource: null, variant: null, period: "day", whose: "own", page: 9_999 },
  { _tag: "StatsSteps" },
  {
    _tag: "StatsCsv",
    resource: "vk",
    variant: null,
    region: null,
    period: "month",
    view: "total",
    whose: "all",
  },
  { _tag: "Decide", applicant: vera, decision: "approve" },
  { _tag: "Decide", applicant: stranger, decision: "refuse" },
  { _tag: "Reopen", applicant: stranger },
  { _tag: "Reopen", applicant: vera },
  { _tag: "AskNickname", person: anna },
  { _tag: "AskNickname", person: chief },
  { _tag: "AskNickname", person: stranger },
  { _tag: "NicknameOff", person: anna },
  { _tag: "ApplicantRename" },
  { _tag: "ApplicantKeep" },
  { _tag: "ApplicantWithdraw" },
  { _tag: "Person", person: anna },
  { _tag: "Blocks", page: 9_999 },
  { _tag: "AskBlock", person: vera },
  { _tag: "Block", person: anna, hours: 8 },
  { _tag: "Block", person: stranger, hours: 0 },
  { _tag: "Unblock", person: boris, on: "list" },
  { _tag: "Audit", before: 2 },
  { _tag: "AuditPerson", person: anna, before: 0 },
  ...ids.map((issuance) => ({ _tag: "AuditIssuance", issuance, before: 0 }) as const),
  { _tag: "Page", screen: "batch", page: messageId },
  { _tag: "Page", screen: "menu", page: 0 },
  { _tag: "Page", screen: "regions", page: 9_999 },
  { _tag: "Failed", page: 0, seen: "" },
  { _tag: "FailedRetryAll" },
  { _tag: "Unwritten", page: 9_999 },
  { _tag: "Asides", page: 9_999 },
  { _tag: "AsideAsk", person: anna, which: "all" },
  ...used.flatMap((held): ReadonlyArray<Action> =>
    (
      [
        "ProxyTake",
        "ProxyCancel",
        "ProxyExtend",
        "ProxyReturn",
        "ProxyBroken",
        "ProxyReport",
        "ProxyWorks",
      ] as const
    ).map((_tag) => ({ _tag, ...held })),
  ),
  ...used.map((held) => ({ _tag: "ProxyReport", ...held, generation: 7 }) as const),
  ...used.map(({ proxy }) => ({ _tag: "ProxyShow", proxy }) as const),
  ...ids.flatMap((issuance): ReadonlyArray<Action> => {
    const target = { resource: "vk", issuance }
    return [
      { _tag: "Mark", ...target, status: "good" },
      { _tag: "Correct", ...target, status: "defect" },
      { _tag: "Undo", ...target },
      { _tag: "Extend", ...target, seen: 0 },
      { _tag: "Extend", ...target, seen: 999 },
      { _tag: "Change", ...target },
      { _tag: "Replace", ...target },
      { _tag: "Decline", ...target },
      { _tag: "Why", ...target },
      { _tag: "WhyIs", ...target, status: "block", reason: "1" },
      { _tag: "WhyIs", ...target, status: "block", reason: "none" },
      { _tag: "WhyIs", ...target, status: "good", reason: "9" },
      { _tag: "WhyOff", ...target },
      { _tag: "Hand" },
      { _tag: "HandOver", ...target, page: 9_999 },
      { _tag: "HandThis", ...target },
      { _tag: "HandKeep", ...target },
      { _tag: "HandTo", ...target, to: stranger },
      { _tag: "HandOff", ...target },
      { _tag: "HandYes", ...target },
      { _tag: "HandNo", ...target },
      { _tag: "Take", ...target, holder: anna },
      { _tag: "TakeTo", ...target, holder: anna, page: 9_999 },
      { _tag: "TakeGive", ...target, holder: anna, to: stranger },
      { _tag: "TakeAside", ...target, holder: anna },
      { _tag: "TakeMark", ...target, holder: boris, status: "gone" },
      { _tag: "TakeOff", ...target, holder: anna },
      { _tag: "FailedRetry", ...target },
      { _tag: "FailedAsk", ...target },
      { _tag: "FailedDrop", ...target },
      { _tag: "UnwrittenBack", ...target },
      { _tag: "AsideAsk", person: anna, which: issuance },
      { _tag: "AsideBack", ...target },
      { _tag: "EditDecide", issuance, digest: "0", choice: "sheet" },
    ]
  }),
]

type Scene = Effect.Success<typeof annaHolds>

const faults: Record<string, (scene: Scene) => void> = {
  nothing: () => undefined,
  "the disk": (scene) => {
    scene.disk.failing = true
  },
  "every edit, without an answer": ({ telegram }) =>
    telegram.fail("edit", { _tag: "Unsure" }, { times: 99 }),
  "every message, with a refusal": ({ telegram }) => {
    telegram.fail("edit", { _tag: "MessageGone" }, { times: 99 })
    telegram.fail("send", { _tag: "Blocked" }, { times: 99 })
  },
}

/** A tap that may wait for the sheet. */
const tapOut = Effect.fnUntraced(function* (scene: Scene, who: TelegramId, action: Action) {
  const { messageId } = scene.last(who)
  const tap = yield* Effect.forkChild(scene.tapAction(who, messageId, action), {
    startImmediately: true,
  })
  yield* TestClock.adjust("10 seconds")
  return yield* Fiber.join(tap)
})

/** Well within the time after which marks are made and reservations end by themselves. */
const deedsPerScene = 20

/**
 * Does everything that `deedsIn` names. The next deed is done in the same scene, from the menu,
 * unless the last one left a trace there: then in another scene.
 */
const doEach = Effect.fnUntraced(function* <Deed>(
  who: TelegramId,
  deedsIn: (scene: Scene) => ReadonlyArray<Deed>,
  act: (scene: Scene, deed: Deed) => Effect.Effect<void>,
) {
  /** Gives the place of the deed to go on with. */
  const doFrom = Effect.fnUntraced(function* (first: number) {
    const scene = yield* annaHolds
    const deeds = deedsIn(scene)
    yield* scene.say(who, "/menu")
    const traces = yield* scene.traces
    for (const [place, deed] of deeds.entries()) {
      if (place < first) continue
      if (place === first + deedsPerScene) return place
      yield* scene.say(who, "/menu")
      yield* act(scene, deed)
      scene.telegram.heal()
      scene.disk.failing = false
      if ((yield* scene.traces) !== traces) return place + 1
    }
    return undefined
  })
  let next: number | undefined = 0
  while (next !== undefined) next = yield* Effect.scoped(doFrom(next))
})

describe("every button, pressed by everybody", () => {
  for (const [what, fail] of Object.entries(faults)) {
    for (const [who, id] of [
      ["its holder", anna],
      ["another employee", boris],
      ["an admin", chief],
    ] as const) {
      it.effect(`${who}, with trouble: ${what}`, () =>
        Effect.gen(function* () {
          yield* doEach(
            id,
            actionsOn,
            Effect.fnUntraced(function* (scene, action) {
              const proxies = yield* scene.proxies.registry
              const before = yield* scene.pools.held(anna)
              const chat = [...scene.telegram.chat(anna)]
              fail(scene)
              assert.lengthOf(yield* tapOut(scene, id, action), 1, action._tag)
              if (id === anna) return
              assert.notMatch(scene.read(id).join(), /@example\.com|secret/, action._tag)
              if (id === boris) {
                assert.deepStrictEqual(yield* scene.pools.held(anna), before, action._tag)
                assert.deepStrictEqual(yield* scene.proxies.registry, proxies, action._tag)
                assert.deepStrictEqual(scene.telegram.chat(anna), chat, action._tag)
                assert.lengthOf(yield* scene.waits.of(anna), 1, action._tag)
              }
            }),
          )
        }),
      )
    }
  }

  for (const [who, id] of [
    ["an applicant", vera],
    ["a stranger", stranger],
  ] as const) {
    it.effect(`${who} is told why not, and nothing happens`, () =>
      Effect.gen(function* () {
        const scene = yield* annaHolds
        const before = yield* scene.pools.held(anna)
        for (const action of actionsOn(scene)) {
          const [answer, ...more] = yield* scene.tapAction(id, scene.messageId, action)
          assert.isTrue(answer?.alert)
          assert.deepStrictEqual(more, [])
        }
        assert.deepStrictEqual(scene.telegram.chat(id), [])
        assert.deepStrictEqual(yield* scene.pools.held(anna), before)
      }),
    )
  }
})

describe("every command and every text", () => {
  it.effect("gets a sentence while the disk refuses, from everybody", () =>
    Effect.gen(function* () {
      const commands = [...Object.keys(ru.menu.commands), "whitelist_remove", "block", "undo"]
      assert.isAbove(commands.length, 15)
      const texts = [
        ...commands.map((name) => `/${name}`),
        "/block 102",
        "one@example.com",
        "vk 495 1",
        "/vk 495 1",
      ]
      for (const who of [anna, chief, vera, stranger]) {
        yield* doEach(
          who,
          () => texts,
          Effect.fnUntraced(function* (scene, text) {
            const before = scene.telegram.chat(who).length
            scene.disk.failing = true
            const told = yield* Effect.forkChild(scene.say(who, text), { startImmediately: true })
            yield* TestClock.adjust("10 seconds")
            yield* Fiber.join(told)
            assert.isAbove(scene.telegram.chat(who).length, before, `${text} of ${who}`)
          }),
        )
      }
    }),
  )

  it.effect("that the disk does not even keep gets one in the person's language", () =>
    Effect.gen(function* () {
      const scene = yield* annaHolds
      yield* Context.get(scene.context, Languages).choose(boris, "en")
      scene.disk.failing = true
      const calls = { callbackId: "callback-kept", messageId: 1, data: "me1:" }
      for (const [who, sentence] of [
        [anna, ru.gate.diskWaits],
        [boris, en.gate.diskWaits],
        [stranger, ru.gate.diskWaits],
      ] as const) {
        yield* scene.handler.excuse({ _tag: "Tap", userId: who, chatId: who, ...calls })
        const { text, alert } = scene.telegram.answers.at(-1) ?? {}
        assert.deepStrictEqual([text, alert], [sentence, true])
        assert.isAtMost(sentence.length, 200)
        yield* scene.handler.excuse({ _tag: "Other", userId: who, chatId: who })
        assert.strictEqual(scene.lastText(who), sentence)
      }
      const sent = scene.telegram.calls.length
      yield* scene.handler.excuse({ _tag: "Membership", userId: anna, blocked: true })
      assert.lengthOf(scene.telegram.calls, sent)
    }),
  )

  for (const text of ["/start", "/menu", "/my", "/help", "/cancel", "/audit", "one@example.com"]) {
    it.effect(`"${text}" of another employee shows nothing of Anna's`, () =>
      Effect.gen(function* () {
        const scene = yield* annaHolds
        yield* scene.say(boris, text)
        assert.lengthOf(scene.read(boris), 1)
        assert.notMatch(scene.read(boris).join(), /@example\.com|secret/)
      }),
    )
  }

  it.effect("a text or a photo at any step is answered, and the step stays as it was", () =>
    Effect.gen(function* () {
      const scene = yield* Scene.make()
      yield* scene.load("mamba", "one")
      yield* scene.say(anna, "/menu")
      const { messageId } = scene.last(anna)
      for (const label of ["Mamba", "495", "1", "М", "✅ Хороший"]) {
        yield* scene.tap(anna, label)
        const shown = () => scene.telegram.chat(anna).find((each) => each.messageId === messageId)
        const before = shown()
        const messages = scene.read(anna).length
        yield* scene.say(anna, "а что дальше?")
        yield* scene.handler.handle({ _tag: "Other", userId: anna, chatId: anna })
        assert.strictEqual(shown(), before)
        const [hint, again, ...more] = scene.read(anna).slice(messages)
        assert.match(hint ?? "", /^Нажимайте кнопки под сообщениями/)
        assert.strictEqual(again, ru.gate.notText)
        assert.deepStrictEqual(more, [])
      }
    }),
  )
})
