/**
 * Nothing of the admins' works for anybody else: no command, with or without anything behind it,
 * no forwarded button and no forged data. Answered with a refusal, and nothing changes anywhere.
 *
 * The commands and the buttons come from the desk itself, so that a new one is covered by itself;
 * a new button needs an example here, or this file does not compile and its first test fails.
 */
import { assert, describe, it } from "@effect/vitest"
import { Context, Effect } from "effect"
import { TestClock } from "effect/testing"
import { Regions } from "../../../src/access/Regions.ts"
import { type Roster, Whitelist } from "../../../src/access/Whitelist.ts"
import { makeDesk } from "../../../src/bot/admin/desk.ts"
import { Action, encodeAction } from "../../../src/bot/buttons.ts"
import { html, type Screen } from "../../../src/bot/Screen.ts"
import { digestOf } from "../../../src/bot/screens/lists.ts"
import { ru } from "../../../src/bot/texts/ru.ts"
import { TelegramId } from "../../../src/domain/Employee.ts"
import { IssuanceId } from "../../../src/domain/Issuance.ts"
import { FailedRows } from "../../../src/pool/FailedRows.ts"
import { HandEdits } from "../../../src/pool/HandEdits.ts"
import { textOf } from "../FakeTelegram.ts"
import * as Scene from "../Scene.ts"
import {
  anItem,
  anna,
  aNumber,
  aRegionRow,
  boris,
  chief,
  deputy,
  stranger,
  vera,
} from "../Scene.ts"
import { refusedRow } from "./failedScene.ts"

/** Removed, and left an item. */
const galya = TelegramId.make(104)
/** Refused. */
const lena = TelegramId.make(106)
/** Suspended. */
const dasha = TelegramId.make(105)

const roster: Roster = {
  [anna]: { stage: "anna", is_approved: true },
  [boris]: { stage: "boris", is_approved: true },
  [vera]: { stage: "vera", is_approved: false },
  [galya]: { stage: "galya", is_approved: true },
  [dasha]: { stage: "dasha", is_approved: true },
}

const secret = /login-of|secret-of|extra-of|cell-of|[\w-]+@example/

const anySecret = (name: string) =>
  anItem("vk", name, {
    key: `login-of-${name}@example.com`,
    fields: { login: `login-of-${name}@example.com`, password: `secret-of-${name}` },
    extras: [{ header: "Почта", text: `extra-of-${name}` }],
    origin: { tab: "ВКонтакте", header: [], cells: [{ value: `cell-of-${name}` }] },
  })

/** Of Anna's: a row that Google refuses, and one that an admin has left out of the sheet. */
const refusedRows = Effect.fnUntraced(function* (
  scene: Effect.Success<ReturnType<typeof Scene.make>>,
) {
  yield* scene.load("gmail", "login-of-g1", "login-of-g2")
  yield* scene.fromMenu(anna, "Почты", "Gmail", "495", "2", "Любые", "1 ✅ Хороший", "2 ✅ Хороший")
  const [refused, unwritten] = yield* scene.pools.buffer("gmail")
  if (refused === undefined || unwritten === undefined) throw new Error("two were marked")
  yield* Context.get(scene.context, FailedRows).update(() => [refusedRow("gmail", refused.id)])
  yield* scene.pools.manage("gmail", { _tag: "Abandon", id: unwritten.id, admin: chief })
  return { refused: refused.id, unwritten: unwritten.id }
})

/** Of Anna's: somebody has changed the status in the sheet. */
const editedRow = Effect.fnUntraced(function* (
  scene: Effect.Success<ReturnType<typeof Scene.make>>,
) {
  yield* scene.load("rambler", "login-of-r")
  yield* scene.fromMenu(anna, "Почты", "Rambler", "495", "1", "✅ Хороший")
  const [issuance] = yield* scene.pools.buffer("rambler")
  if (issuance?.mark == null) throw new Error("one was marked")
  const { id, mark, stage, issuedAt } = issuance
  yield* scene.pools.tell("rambler", { _tag: "Written", rows: [{ id, mark }] })
  const key = { issuance: id, digest: "abc" }
  yield* Context.get(scene.context, HandEdits).looked(
    ["rambler"],
    [
      {
        ...key,
        resource: "rambler",
        tab: "Rambler_Выдано",
        row: 2,
        stage,
        issuedAt,
        mark,
        rewrites: 0,
        found: { _tag: "Status", status: "block", isBlank: false },
      },
    ],
  )
  return key
})

/** Of two rows that cannot be read one was thrown away. */
const sortedRows = Effect.fnUntraced(function* (
  scene: Effect.Success<ReturnType<typeof Scene.make>>,
) {
  const rows = ["1", "2"].map((name) => Scene.aBadRow(name))
  yield* scene.setAside("vk", ...rows)
  const [inQuarantine, thrownAway] = rows.map(({ id: item }) => ({ resource: "vk", item }))
  if (rows[1] === undefined || inQuarantine === undefined || thrownAway === undefined) {
    throw new Error("two rows were set aside")
  }
  yield* scene.pools.manage("vk", {
    _tag: "LeaveQuarantine",
    way: "drop",
    rows: [{ row: rows[1], item: null }],
    twice: false,
    admin: chief,
  })
  yield* scene.say(deputy, "/quarantine")
  const { data } = scene.find(deputy, "1. ВКонтакте · 1")
  const group = data.slice(data.indexOf(":") + 1, data.indexOf("."))
  return { inQuarantine, thrownAway, group }
})

/** One spelling that an admin has taught, and a row whose region is none. */
const spelledRegions = Effect.fnUntraced(function* (
  scene: Effect.Success<ReturnType<typeof Scene.make>>,
) {
  yield* scene.setAside("rambler", aRegionRow("login-of-region", "777", "Rambler"))
  yield* Context.get(scene.context, Regions).teach({ spelling: "+7495", region: "495" })
  return { unknown: digestOf(html`777`), known: digestOf(html`+7495`) }
})

/** Whatever an admin can decide about is there to be decided about. */
const eventful = Effect.gen(function* () {
  const scene = yield* Scene.make({ roster })
  yield* TestClock.setTime(Date.UTC(2026, 10, 22, 11, 32))
  yield* scene.load("vk", ...["a", "b", "c", "d", "e"].map(anySecret))
  yield* scene.load("mamba", "login-of-m")
  yield* scene.load("number", aNumber("79000000001", "2026-11-21"))
  for (const id of [anna, galya, galya]) {
    yield* scene.fromMenu(id, "VK", "495", "1")
  }
  const aside = (yield* scene.pools.held(galya))[0]?.id ?? IssuanceId.make("0000000000")
  yield* scene.pools.manage("vk", { _tag: "SetAside", id: aside, admin: chief })
  yield* scene.say(vera, "/start")
  yield* scene.say(lena, "/start")
  yield* scene.say(lena, "lena")
  yield* scene.tap(chief, "Отклонить")
  yield* scene.say(chief, "/buffer_clear mamba")
  yield* scene.tap(chief, "Очистить 1")
  yield* scene.say(chief, "/pause ok Скоро")
  yield* scene.say(chief, "/remove_region 812")
  yield* scene.tap(chief, "Убрать")
  yield* scene.say(chief, "/whitelist_remove galya")
  yield* scene.tap(chief, "Убрать доступ")
  yield* scene.say(chief, "/block dasha 8 Отпуск")
  const { refused, unwritten } = yield* refusedRows(scene)
  const edit = yield* editedRow(scene)
  yield* scene.say(deputy, "/menu")
  yield* scene.say(boris, "/menu")
  const { version } = yield* scene.pools.stock("vk")
  const trash = (yield* scene.pools.stock("mamba")).trash[0]?.id ?? ""
  const left = (yield* scene.pools.held(galya))[0]?.id ?? IssuanceId.make("0000000000")
  const sorted = yield* sortedRows(scene)
  const spellings = yield* spelledRegions(scene)
  return {
    ...scene,
    version,
    trash,
    left,
    aside,
    refused,
    unwritten,
    edit,
    ...sorted,
    ...spellings,
  }
})

type Scene = Effect.Success<typeof eventful>

/** What everybody may press who may use the bot. All the rest is the admins'. */
const everybodys = [
  "Menu",
  "Group",
  "Resource",
  "Targets",
  "Regions",
  "Region",
  "Quantity",
  "Issue",
  "Mark",
  "Undo",
  "Extend",
  "Change",
  "Correct",
  "Look",
  "Fold",
  "Reveal",
  "AskRest",
  "MarkRest",
  "UndoTogether",
  "Replace",
  "Decline",
  "Why",
  "WhyIs",
  "WhyOff",
  "Hand",
  "HandOver",
  "HandThis",
  "HandKeep",
  "HandTo",
  "HandOff",
  "HandYes",
  "HandNo",
  "My",
  "Help",
  "Cancel",
  "Language",
  "ApplicantRename",
  "ApplicantKeep",
  "ApplicantWithdraw",
  "Again",
  "Lacking",
  "Recheck",
  "History",
  "Wait",
  "Unwait",
  "Page",
  "ProxyAdd",
  "ProxyType",
  "ProxyLines",
  "ProxyAsked",
  "ProxyRefused",
  "ProxyForget",
  "ProxyUsed",
  "ProxyCountries",
  "ProxyCountry",
  "ProxyDays",
  "ProxyTargets",
  "ProxyStock",
  "ProxyList",
  "ProxyReserve",
  "ProxyTake",
  "ProxyCancel",
  "ProxyExtend",
  "ProxyReturn",
  "ProxyBroken",
  "ProxyReport",
  "ProxyWorks",
  "ProxyShow",
  "Stats",
  "StatsAll",
  "StatsRegions",
  "StatsSteps",
  "StatsGroup",
  "StatsVariant",
  "StatsRegion",
  "StatsPeriod",
  "StatsReport",
  "StatsChart",
  "StatsChartTurn",
  "StatsCsv",
  "Noop",
] as const satisfies ReadonlyArray<Action["_tag"]>

type AdminTag = Exclude<Action["_tag"], (typeof everybodys)[number]>
type Examples = { readonly [Tag in AdminTag]: ReadonlyArray<Extract<Action, { _tag: Tag }>> }

const takingOf = (place: Omit<Extract<Action, { _tag: "Take" }>, "_tag">) =>
  ({
    Take: [{ _tag: "Take", ...place }],
    TakeTo: [{ _tag: "TakeTo", ...place, page: 0 }],
    TakeGive: [{ _tag: "TakeGive", ...place, to: anna }],
    TakeAside: [{ _tag: "TakeAside", ...place }],
    TakeMark: [{ _tag: "TakeMark", ...place, status: "block" }],
    TakeOff: [{ _tag: "TakeOff", ...place }],
  }) as const

const examplesIn = ({
  version,
  trash,
  left,
  aside,
  refused,
  unwritten,
  edit,
  group,
  inQuarantine,
  thrownAway,
  unknown,
  known,
}: Scene): Examples => ({
  Decide: [
    { _tag: "Decide", applicant: vera, decision: "approve" },
    { _tag: "Decide", applicant: vera, decision: "refuse" },
  ],
  Reopen: [{ _tag: "Reopen", applicant: lena }],
  AskNickname: [
    { _tag: "AskNickname", person: anna },
    { _tag: "AskNickname", person: vera },
  ],
  NicknameOff: [{ _tag: "NicknameOff", person: anna }],
  TodayOnly: [{ _tag: "TodayOnly", resource: "number", on: "off" }],
  Stock: [{ _tag: "Stock", page: 0, seen: "" }],
  Who: [
    { _tag: "Who", view: "items", page: 0, seen: "" },
    { _tag: "Who", view: "people", page: 0, seen: "" },
  ],
  WhoPerson: [{ _tag: "WhoPerson", holder: anna, page: 0, seen: "" }],
  ...takingOf({ resource: "vk", issuance: left, holder: galya }),
  Pauses: [{ _tag: "Pauses", page: 0 }],
  Pause: [{ _tag: "Pause", resource: "vk" }],
  Resume: [{ _tag: "Resume", resource: "ok" }],
  Emptyings: [{ _tag: "Emptyings", way: "clear", page: 0 }],
  EmptyingOf: [{ _tag: "EmptyingOf", way: "release", resource: "vk" }],
  Empty: [
    { _tag: "Empty", way: "clear", resource: "vk", version },
    { _tag: "Empty", way: "release", resource: "vk", version },
  ],
  Trashes: [{ _tag: "Trashes", page: 0 }],
  Restore: [{ _tag: "Restore", resource: "mamba", trash }],
  People: [{ _tag: "People", page: 0 }],
  Person: [
    { _tag: "Person", person: anna },
    { _tag: "Person", person: galya },
    { _tag: "Person", person: dasha },
  ],
  AskDismiss: [{ _tag: "AskDismiss", person: anna }],
  Dismiss: [{ _tag: "Dismiss", person: anna }],
  Forgettable: [{ _tag: "Forgettable", page: 0 }],
  AskForget: [{ _tag: "AskForget", person: stranger }],
  Forget: [{ _tag: "Forget", person: stranger }],
  Readmit: [{ _tag: "Readmit", person: galya }],
  Left: [{ _tag: "Left", person: galya, page: 0 }],
  LeftSettle: [
    { _tag: "LeftSettle", person: galya, which: "all", how: "confirm" },
    { _tag: "LeftSettle", person: galya, which: left, how: "aside" },
  ],
  AsideAsk: [
    { _tag: "AsideAsk", person: galya, which: "all" },
    { _tag: "AsideAsk", person: galya, which: left },
  ],
  Asides: [{ _tag: "Asides", page: 0 }],
  AsideBack: [{ _tag: "AsideBack", resource: "vk", issuance: aside }],
  LeftTo: [{ _tag: "LeftTo", person: galya, which: "all", page: 0 }],
  LeftGive: [
    { _tag: "LeftGive", person: galya, which: left, to: boris },
    { _tag: "LeftGive", person: galya, which: "all", to: chief },
  ],
  RegionList: [{ _tag: "RegionList", page: 0 }],
  RegionRemove: [{ _tag: "RegionRemove", region: "495" }],
  RegionReturn: [{ _tag: "RegionReturn", region: "812" }],
  SpellingsUnknown: [{ _tag: "SpellingsUnknown", page: 0 }],
  SpellingUnknown: [{ _tag: "SpellingUnknown", spelling: unknown, page: 0 }],
  SpellingMeans: [{ _tag: "SpellingMeans", spelling: unknown, region: "495" }],
  SpellingAdd: [{ _tag: "SpellingAdd", spelling: unknown }],
  Spellings: [{ _tag: "Spellings", page: 0 }],
  SpellingForget: [{ _tag: "SpellingForget", spelling: known }],
  Blocks: [{ _tag: "Blocks", page: 0 }],
  AskBlock: [{ _tag: "AskBlock", person: anna }],
  Block: [
    { _tag: "Block", person: anna, hours: 8 },
    { _tag: "Block", person: boris, hours: 0 },
  ],
  Unblock: [
    { _tag: "Unblock", person: dasha, on: "card" },
    { _tag: "Unblock", person: dasha, on: "list" },
  ],
  Audit: [{ _tag: "Audit", before: 0 }],
  AuditPerson: [{ _tag: "AuditPerson", person: anna, before: 0 }],
  AuditIssuance: [{ _tag: "AuditIssuance", issuance: left, before: 0 }],
  Exports: [{ _tag: "Exports", page: 0 }],
  ExportOf: [{ _tag: "ExportOf", resource: "vk" }],
  ExportFile: [{ _tag: "ExportFile", resource: null, days: "all" }],
  Health: [{ _tag: "Health", seen: "" }],
  Todo: [{ _tag: "Todo", seen: "" }],
  TodoOpen: (["quarantine", "regions", "stock"] as const).map((what) => ({
    _tag: "TodoOpen",
    what,
  })),
  Failed: [{ _tag: "Failed", page: 0, seen: "" }],
  FailedRetryAll: [{ _tag: "FailedRetryAll" }],
  FailedRetry: [{ _tag: "FailedRetry", resource: "gmail", issuance: refused }],
  FailedAsk: [{ _tag: "FailedAsk", resource: "gmail", issuance: refused }],
  FailedDrop: [{ _tag: "FailedDrop", resource: "gmail", issuance: refused }],
  Quarantine: [{ _tag: "Quarantine", page: 0 }],
  QuarantineGroup: [{ _tag: "QuarantineGroup", group, page: 0 }],
  QuarantineRow: (["masked", "all"] as const).map((shown) => ({
    _tag: "QuarantineRow" as const,
    ...inQuarantine,
    shown,
  })),
  QuarantineFix: [{ _tag: "QuarantineFix", ...inQuarantine }],
  QuarantineFixOff: [{ _tag: "QuarantineFixOff", ...inQuarantine }],
  QuarantineDo: (["return", "drop"] as const).map((way) => ({
    _tag: "QuarantineDo" as const,
    ...inQuarantine,
    way,
  })),
  QuarantineAskAll: [{ _tag: "QuarantineAskAll", group, way: "drop" }],
  QuarantineDoAll: [{ _tag: "QuarantineDoAll", group, way: "drop" }],
  QuarantineDone: [{ _tag: "QuarantineDone", page: 0 }],
  QuarantineUndo: [{ _tag: "QuarantineUndo", ...thrownAway }],
  Unwritten: [{ _tag: "Unwritten", page: 0 }],
  EditDecide: (["sheet", "bot", "keep"] as const).map((choice) => ({
    _tag: "EditDecide" as const,
    ...edit,
    choice,
  })),
  UnwrittenBack: [{ _tag: "UnwrittenBack", resource: "gmail", issuance: unwritten }],
})

/** Those that change something when an admin presses them. */
const deciding: ReadonlySet<string> = new Set<AdminTag>([
  "Decide",
  "Reopen",
  "TodayOnly",
  "Pause",
  "Resume",
  "Empty",
  "Restore",
  "Dismiss",
  "Forget",
  "Readmit",
  "LeftSettle",
  "AsideBack",
  "LeftGive",
  "RegionRemove",
  "RegionReturn",
  "SpellingMeans",
  "SpellingAdd",
  "SpellingForget",
  "Block",
  "Unblock",
  "FailedRetryAll",
  "FailedRetry",
  "FailedDrop",
  "UnwrittenBack",
  "EditDecide",
  "QuarantineDo",
  "QuarantineDoAll",
  "QuarantineUndo",
])

const actionsIn = (scene: Scene): ReadonlyArray<Action> => Object.values(examplesIn(scene)).flat()

/** With one of these behind it any command has something to work on. */
const behind = [
  "",
  "vk",
  "vk Взломано",
  "ok",
  "mamba",
  "number",
  "101",
  "anna",
  "anna 8 Текст",
  "105",
  "495",
  "777, 778",
]

const deskOf = (scene: Scene) => Effect.provideContext(makeDesk, scene.context)

const isWarning = (screen: Screen) =>
  textOf(screen).startsWith("🚫 boris (102) нажимает чужие кнопки")

/** Everything that may change, but for the chat of `outsider`. */
const stateOf = Effect.fnUntraced(function* (scene: Scene, outsider: TelegramId) {
  const others = [chief, deputy, anna, boris, vera, galya, dasha, stranger].filter(
    (id) => id !== outsider,
  )
  const { seq, documents } = scene.disk.tables
  return {
    seq,
    refused: yield* Context.get(scene.context, FailedRows).refused,
    documents: [...documents].map(([kind, all]) => [kind, [...all]]),
    people: yield* Context.get(scene.context, Whitelist).all,
    regions: yield* Context.get(scene.context, Regions).all,
    spellings: yield* Context.get(scene.context, Regions).spellings,
    stock: yield* Effect.forEach(scene.pools.resources, ({ id }) => scene.pools.stock(id)),
    held: yield* Effect.forEach(others, (id) => scene.pools.held(id)),
    // Admins hear of somebody who presses their buttons again and again, and of nothing else.
    chats: others.map((id) => scene.telegram.chat(id).filter(({ screen }) => !isWarning(screen))),
    lists: scene.telegram.commands.length,
  }
})

describe("the gate", () => {
  it.effect("has an example of every button of the admins, and every command of theirs", () =>
    Effect.gen(function* () {
      const scene = yield* eventful
      const desk = yield* deskOf(scene)
      const examples: Readonly<Record<string, ReadonlyArray<Action>>> = examplesIn(scene)
      const tags = Object.keys(Action.cases).filter(
        (tag) => !everybodys.some((each) => each === tag),
      )
      assert.deepStrictEqual(Object.keys(examples).toSorted(), tags.toSorted())
      for (const tag of tags) {
        assert.isNotEmpty(examples[tag], tag)
        for (const action of examples[tag] ?? []) assert.strictEqual(action._tag, tag)
      }
      assert.deepStrictEqual(desk.buttons.toSorted(), tags.toSorted())
      const ofEmployees = ["start", "menu", "my", "stats", "help", "language", "cancel"]
      const listed = Object.keys(ru.menu.commands).filter((name) => !ofEmployees.includes(name))
      assert.deepStrictEqual(
        listed.filter((name) => !desk.commands.includes(name)),
        [],
      )
      assert.isAbove(desk.commands.length, 15)
    }),
  )

  for (const [who, id, refusal] of [
    ["an employee", boris, ru.gate.adminsOnly],
    ["an applicant", vera, ru.gate.waiting],
    ["a stranger", stranger, ru.gate.denied],
    [
      "somebody suspended",
      dasha,
      "Доступ приостановлен до 22:32 сегодня. Причина: Отпуск. Всё выданное вам записано за вами.",
    ],
  ] as const) {
    it.effect(`${who} who writes a command is refused, and nothing changes`, () =>
      Effect.gen(function* () {
        const scene = yield* eventful
        const { commands } = yield* deskOf(scene)
        const before = yield* stateOf(scene, id)
        for (const name of commands) {
          for (const argument of behind) {
            const messages = scene.read(id).length
            const text = `/${name} ${argument}`.trim()
            yield* scene.say(id, text)
            assert.deepStrictEqual(scene.read(id).slice(messages), [refusal], text)
            assert.deepStrictEqual(yield* stateOf(scene, id), before, text)
          }
        }
      }),
    )

    it.effect(`${who} who presses a forwarded or a forged button is refused`, () =>
      Effect.gen(function* () {
        const scene = yield* eventful
        const before = yield* stateOf(scene, id)
        const chat = [...scene.telegram.chat(id)]
        const own = chat.at(-1)?.messageId ?? 5
        for (const action of actionsIn(scene)) {
          for (const messageId of [own, scene.last(chief).messageId, 1]) {
            const data = encodeAction(action)
            const answers = yield* scene.tapData(id, messageId, data)
            assert.deepStrictEqual(
              answers.map(({ text, alert }) => ({ text, alert })),
              [{ text: refusal, alert: true }],
              data,
            )
            assert.deepStrictEqual(scene.telegram.chat(id), chat, data)
            assert.deepStrictEqual(yield* stateOf(scene, id), before, data)
          }
        }
      }),
    )
  }
})

/** Presses a button of the admins, and looks whether it does what it is there for. */
const pressed = Effect.fnUntraced(function* (scene: Scene, action: Action) {
  // A question that another button has asked is given up.
  yield* scene.say(deputy, "/menu")
  const before = yield* stateOf(scene, deputy)
  const { messageId } = scene.last(deputy)
  const [answer] = yield* scene.tapAction(deputy, messageId, action)
  assert.isDefined(answer, action._tag)
  assert.notInclude([ru.gate.adminsOnly, ru.gate.stale], answer?.text, action._tag)
  const isChanged = JSON.stringify(before) !== JSON.stringify(yield* stateOf(scene, deputy))
  assert.strictEqual(isChanged, deciding.has(action._tag), encodeAction(action))
  const screens = [chief, deputy].flatMap((id) =>
    scene.telegram.chat(id).map(({ screen }) => [textOf(screen), screen.keyboard]),
  )
  const isHers =
    (action._tag === "LeftGive" && action.to === chief) ||
    (action._tag === "QuarantineRow" && action.shown === "all")
  if (!isHers) assert.notMatch(JSON.stringify(screens), secret, action._tag)
  return { isChanged, isHers }
})

describe("an admin", () => {
  it.effect("gets an answer to each of the commands, and reads no secret", () =>
    Effect.gen(function* () {
      const scene = yield* eventful
      const { commands } = yield* deskOf(scene)
      for (const name of commands) {
        for (const argument of ["", "495", "anna"]) {
          const messages = scene.read(deputy).length
          yield* scene.say(deputy, `/${name} ${argument}`.trim())
          const answers = scene.read(deputy).slice(messages)
          assert.lengthOf(answers, 1, name)
          assert.notInclude([ru.gate.adminsOnly, ru.gate.unknownCommand], answers[0], name)
        }
      }
      assert.notMatch(JSON.stringify(scene.telegram.chat(deputy)), secret)
    }),
  )

  it.effect(
    "gets an answer to each of the buttons, those that decide do, and none is a secret",
    () =>
      Effect.gen(function* () {
        // In one scene, until a button changes something there or shows a secret to whoever may see it.
        const pressFrom = Effect.fnUntraced(function* (first: number) {
          const scene = yield* eventful
          for (const [place, action] of actionsIn(scene).entries()) {
            if (place < first) continue
            const { isChanged, isHers } = yield* pressed(scene, action)
            if (isChanged || isHers) return place + 1
          }
          return undefined
        })
        let next: number | undefined = 0
        while (next !== undefined) next = yield* Effect.scoped(pressFrom(next))
      }),
  )
})
