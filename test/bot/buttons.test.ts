import { assert, describe, it } from "@effect/vitest"
import { Effect, Option, Record } from "effect"
import { makeDesk } from "../../src/bot/admin/desk.ts"
import {
  Action,
  byFlow,
  decodeAction,
  encodeAction,
  type Flow,
  flowOf,
} from "../../src/bot/buttons.ts"
import { targetsMax } from "../../src/domain/Catalogue.ts"
import { TelegramId } from "../../src/domain/Employee.ts"
import { IssuanceId } from "../../src/domain/Issuance.ts"
import { CountryCode, ProxyId } from "../../src/domain/Proxy.ts"
import * as Scene from "./Scene.ts"

const resource = "r".repeat(10)
const region = "Щ".repeat(16)
const status = "s".repeat(10)
const variant = "v".repeat(8)
const issuance = IssuanceId.make("0123456789")
const proxy = ProxyId.make("0123456789")
const country = CountryCode.make("ZZ")
/** All bits of the most targets that a resource may have. */
const targets = 2 ** targetsMax - 1
const page = 9_999
const rowId = "0123456789ABCDEFGHJKMNPQRSTVWXYZ-999"
const person = TelegramId.make(Number.MAX_SAFE_INTEGER)
const generation = 1e9
const seen = "z".repeat(7)

const report = {
  resource,
  variant,
  region,
  period: "month",
  view: "regions",
  whose: "all",
} as const

const holder = TelegramId.make(Number.MAX_SAFE_INTEGER)
const taking = { resource, issuance, holder } as const

/** Every action with the longest fields it may have. */
const longest: { readonly [Tag in Action["_tag"]]: Extract<Action, { _tag: Tag }> } = {
  Menu: { _tag: "Menu" },
  Group: { _tag: "Group", group: "accounts" },
  Resource: { _tag: "Resource", resource },
  Targets: { _tag: "Targets", resource, targets },
  Regions: { _tag: "Regions", resource, targets, page },
  Region: { _tag: "Region", resource, targets, region },
  Quantity: { _tag: "Quantity", resource, targets, region, quantity: 5 },
  Issue: { _tag: "Issue", resource, targets, region, quantity: 5, variant },
  Lacking: { _tag: "Lacking", resource, targets, region, quantity: 5, variant },
  Recheck: { _tag: "Recheck", resource, targets, region },
  Mark: { _tag: "Mark", resource, issuance, status },
  Undo: { _tag: "Undo", resource, issuance },
  Extend: { _tag: "Extend", resource, issuance, seen: 999 },
  Change: { _tag: "Change", resource, issuance },
  Correct: { _tag: "Correct", resource, issuance, status },
  Look: { _tag: "Look", resource, issuance },
  Fold: { _tag: "Fold", resource, issuance },
  Reveal: { _tag: "Reveal", resource, issuance },
  AskRest: { _tag: "AskRest", resource, issuance },
  MarkRest: { _tag: "MarkRest", resource, issuance, seen: "1z141z3" },
  UndoTogether: { _tag: "UndoTogether", resource, issuance },
  Replace: { _tag: "Replace", resource, issuance },
  Decline: { _tag: "Decline", resource, issuance },
  Why: { _tag: "Why", resource, issuance },
  WhyIs: { _tag: "WhyIs", resource, issuance, status, reason: "none" },
  WhyOff: { _tag: "WhyOff", resource, issuance },
  Hand: { _tag: "Hand" },
  HandOver: { _tag: "HandOver", resource, issuance, page },
  HandThis: { _tag: "HandThis", resource, issuance },
  HandKeep: { _tag: "HandKeep", resource, issuance },
  HandTo: { _tag: "HandTo", resource, issuance, to: TelegramId.make(Number.MAX_SAFE_INTEGER) },
  HandOff: { _tag: "HandOff", resource, issuance },
  HandYes: { _tag: "HandYes", resource, issuance },
  HandNo: { _tag: "HandNo", resource, issuance },
  My: { _tag: "My" },
  Again: { _tag: "Again", resource, targets, region, quantity: 5, variant },
  Wait: { _tag: "Wait", resource, targets, region, quantity: 5, variant },
  Unwait: { _tag: "Unwait", resource, targets, region, variant, from: "wait" },
  History: { _tag: "History", page },
  Help: { _tag: "Help" },
  Cancel: { _tag: "Cancel" },
  ApplicantRename: { _tag: "ApplicantRename" },
  ApplicantKeep: { _tag: "ApplicantKeep" },
  ApplicantWithdraw: { _tag: "ApplicantWithdraw" },
  Language: { _tag: "Language", language: "en" },
  Decide: {
    _tag: "Decide",
    applicant: TelegramId.make(Number.MAX_SAFE_INTEGER),
    decision: "approve",
  },
  Page: { _tag: "Page", screen: "p".repeat(16), page },
  TodayOnly: { _tag: "TodayOnly", resource, on: "off" },
  Stock: { _tag: "Stock", page, seen },
  Who: { _tag: "Who", view: "people", page, seen },
  WhoPerson: {
    _tag: "WhoPerson",
    holder: TelegramId.make(Number.MAX_SAFE_INTEGER),
    page,
    seen,
  },
  Take: { _tag: "Take", ...taking },
  TakeTo: { _tag: "TakeTo", ...taking, page },
  TakeGive: { _tag: "TakeGive", ...taking, to: holder },
  TakeAside: { _tag: "TakeAside", ...taking },
  TakeMark: { _tag: "TakeMark", ...taking, status },
  TakeOff: { _tag: "TakeOff", ...taking },
  Pauses: { _tag: "Pauses", page },
  Pause: { _tag: "Pause", resource },
  Resume: { _tag: "Resume", resource },
  Emptyings: { _tag: "Emptyings", way: "release", page },
  EmptyingOf: { _tag: "EmptyingOf", way: "release", resource },
  Empty: { _tag: "Empty", way: "release", resource, version: String(Number.MAX_SAFE_INTEGER) },
  Trashes: { _tag: "Trashes", page },
  Restore: { _tag: "Restore", resource, trash: "0123456789" },
  Exports: { _tag: "Exports", page },
  ExportOf: { _tag: "ExportOf", resource },
  ExportFile: { _tag: "ExportFile", resource, days: "all" },
  Health: { _tag: "Health", seen },
  Todo: { _tag: "Todo", seen },
  TodoOpen: { _tag: "TodoOpen", what: "quarantine" },
  Failed: { _tag: "Failed", page, seen },
  FailedRetryAll: { _tag: "FailedRetryAll" },
  FailedRetry: { _tag: "FailedRetry", resource, issuance },
  FailedAsk: { _tag: "FailedAsk", resource, issuance },
  FailedDrop: { _tag: "FailedDrop", resource, issuance },
  AsideAsk: { _tag: "AsideAsk", person, which: issuance },
  Asides: { _tag: "Asides", page },
  AsideBack: { _tag: "AsideBack", resource, issuance },
  Reopen: { _tag: "Reopen", applicant: person },
  AskNickname: { _tag: "AskNickname", person },
  NicknameOff: { _tag: "NicknameOff", person },
  Quarantine: { _tag: "Quarantine", page },
  QuarantineGroup: { _tag: "QuarantineGroup", group: "zik0zj", page },
  QuarantineRow: { _tag: "QuarantineRow", resource, item: rowId, shown: "masked" },
  QuarantineFix: { _tag: "QuarantineFix", resource, item: rowId },
  QuarantineFixOff: { _tag: "QuarantineFixOff", resource, item: rowId },
  QuarantineDo: { _tag: "QuarantineDo", resource, item: rowId, way: "return" },
  QuarantineAskAll: { _tag: "QuarantineAskAll", group: "zik0zj", way: "return" },
  QuarantineDoAll: { _tag: "QuarantineDoAll", group: "zik0zj", way: "return" },
  QuarantineDone: { _tag: "QuarantineDone", page },
  QuarantineUndo: { _tag: "QuarantineUndo", resource, item: rowId },
  Unwritten: { _tag: "Unwritten", page },
  UnwrittenBack: { _tag: "UnwrittenBack", resource, issuance },
  ProxyAdd: { _tag: "ProxyAdd" },
  ProxyType: { _tag: "ProxyType", type: "socks5" },
  ProxyLines: { _tag: "ProxyLines" },
  ProxyAsked: { _tag: "ProxyAsked", answer: "sessions" },
  ProxyRefused: { _tag: "ProxyRefused", page },
  ProxyForget: { _tag: "ProxyForget" },
  ProxyUsed: { _tag: "ProxyUsed", targets },
  ProxyCountries: { _tag: "ProxyCountries", page },
  ProxyCountry: { _tag: "ProxyCountry", country },
  ProxyDays: { _tag: "ProxyDays", days: 30 },
  ProxyTargets: { _tag: "ProxyTargets", targets },
  ProxyStock: { _tag: "ProxyStock", targets },
  ProxyList: { _tag: "ProxyList", targets, country, page },
  ProxyReserve: { _tag: "ProxyReserve", targets, proxy },
  ProxyTake: { _tag: "ProxyTake", proxy, generation },
  ProxyCancel: { _tag: "ProxyCancel", proxy, generation },
  ProxyExtend: { _tag: "ProxyExtend", proxy, generation },
  ProxyReturn: { _tag: "ProxyReturn", proxy, generation },
  ProxyBroken: { _tag: "ProxyBroken", proxy, generation },
  ProxyReport: { _tag: "ProxyReport", proxy, generation },
  ProxyWorks: { _tag: "ProxyWorks", proxy, generation },
  ProxyShow: { _tag: "ProxyShow", proxy },
  People: { _tag: "People", page },
  Person: { _tag: "Person", person },
  AskDismiss: { _tag: "AskDismiss", person },
  Dismiss: { _tag: "Dismiss", person },
  Forgettable: { _tag: "Forgettable", page },
  AskForget: { _tag: "AskForget", person },
  Forget: { _tag: "Forget", person },
  Readmit: { _tag: "Readmit", person },
  Left: { _tag: "Left", person, page },
  LeftSettle: { _tag: "LeftSettle", person, which: issuance, how: "confirm" },
  LeftTo: { _tag: "LeftTo", person, which: issuance, page },
  LeftGive: { _tag: "LeftGive", person, which: issuance, to: person },
  RegionList: { _tag: "RegionList", page },
  RegionRemove: { _tag: "RegionRemove", region },
  RegionReturn: { _tag: "RegionReturn", region },
  SpellingsUnknown: { _tag: "SpellingsUnknown", page },
  SpellingUnknown: { _tag: "SpellingUnknown", spelling: seen, page },
  SpellingMeans: { _tag: "SpellingMeans", spelling: seen, region },
  SpellingAdd: { _tag: "SpellingAdd", spelling: seen },
  Spellings: { _tag: "Spellings", page },
  SpellingForget: { _tag: "SpellingForget", spelling: seen },
  Blocks: { _tag: "Blocks", page },
  AskBlock: { _tag: "AskBlock", person },
  Block: { _tag: "Block", person, hours: 24 },
  Unblock: { _tag: "Unblock", person, on: "card" },
  Audit: { _tag: "Audit", before: Number.MAX_SAFE_INTEGER },
  AuditPerson: { _tag: "AuditPerson", person, before: Number.MAX_SAFE_INTEGER },
  AuditIssuance: { _tag: "AuditIssuance", issuance, before: Number.MAX_SAFE_INTEGER },
  Stats: { _tag: "Stats" },
  StatsAll: { _tag: "StatsAll", region: null, period: "week", view: "regions", whose: "all" },
  StatsRegions: { _tag: "StatsRegions", resource, variant, period: "day", whose: "own", page },
  StatsSteps: { _tag: "StatsSteps" },
  StatsGroup: { _tag: "StatsGroup", group: "accounts" },
  StatsVariant: { _tag: "StatsVariant", resource },
  StatsRegion: { _tag: "StatsRegion", resource, variant, page },
  StatsPeriod: { _tag: "StatsPeriod", resource, variant, region },
  StatsReport: { _tag: "StatsReport", ...report },
  StatsChart: { _tag: "StatsChart", ...report },
  StatsChartTurn: { _tag: "StatsChartTurn", ...report },
  StatsCsv: { _tag: "StatsCsv", ...report },
  EditDecide: { _tag: "EditDecide", issuance, digest: "z".repeat(7), choice: "sheet" },
  Noop: { _tag: "Noop" },
}
const actions = Object.values(longest)

describe("the data of a button", () => {
  for (const action of actions) {
    it(`${action._tag}: at most 64 bytes, and back`, () => {
      const data = encodeAction(action)
      assert.isAtMost(Buffer.byteLength(data), 64)
      assert.deepStrictEqual(decodeAction(data), Option.some(action))
    })
  }

  it("tells all screens apart", () => {
    const screens = actions.map((action) => encodeAction(action).split(":")[0])
    assert.strictEqual(new Set(screens).size, actions.length)
  })

  it("says any variant with an empty field", () => {
    const action: Action = {
      _tag: "Issue",
      resource: "vk",
      targets: 0,
      region: "495",
      quantity: 3,
      variant: null,
    }
    assert.strictEqual(encodeAction(action), "is2:vk.0.495.3.")
    assert.deepStrictEqual(decodeAction("is2:vk.0.495.3."), Option.some(action))
  })

  it("has the fields in one order, however the action was put together", () => {
    const action: Action = {
      quantity: 2,
      region: "812",
      targets: 35,
      resource: "number",
      _tag: "Quantity",
    }
    assert.strictEqual(encodeAction(action), "qu2:number.z.812.2")
  })

  it.prop(
    "of any action at all: decoding undoes encoding, and it fits",
    [Action],
    ([action]) => {
      const data = encodeAction(action)
      assert.isAtMost(Buffer.byteLength(data), 64)
      assert.deepStrictEqual(decodeAction(data), Option.some(action))
    },
    { arbitrary: { runs: 1_000 } },
  )

  for (const data of [
    "",
    ":",
    "me1",
    "me1:x",
    "me2:",
    "constructor:",
    "re1:",
    "re1:VK",
    "re1:vk.495",
    // Buttons of an older bot, which knew of no targets.
    "rg1:vk.495",
    "qu1:vk.495.3",
    "is1:vk.495.3.",
    "pa1:batch.17",
    "rg2:vk.495",
    "rg2:vk.0.",
    "rg2:vk.0.4 9",
    "rg2:vk..495",
    "rg2:vk.00.495",
    "rg2:vk.-1.495",
    "rg2:vk.35s.495",
    "rg2:vk.Z.495",
    "rs1:number.1",
    "rs1:number.1.01",
    "rs1:number.1.10000",
    "ta1:number.zzzz",
    "qu2:vk.0.495.0",
    "qu2:vk.0.495.6",
    "qu2:vk.0.495.03",
    "qu2:vk.0.495. 3",
    "qu2:vk.0.495.3e0",
    "is2:vk.0.495.3",
    "is2:vk.0.495.3.m.m",
    "ag1:vk.0.495.3",
    "ag1:vk.0.495..0",
    "wt1:vk.0.495..6",
    "wt1:vk.0..3",
    "wu1:vk.0.495..x",
    "wu1:vk.0.495.",
    "hi1:-1",
    "hi1:10000",
    "hi1:",
    "td1:number.maybe",
    "td1:number",
    "sk1:0.Z",
    "wh1:all.0.",
    "em1:clear.vk.",
    "em1:clear.vk.1e3",
    "em1:drop.vk.1",
    "rt1:vk.012345678",
    "fl1:0.Z",
    "fa1:x",
    "fr1:vk.012345678",
    "fd1:VK.0123456789",
    "fb1:vk",
    "ma1:vk.0123456789.BAD",
    "ma1:vk.012345678.good",
    "ap1:0.approve",
    "ap1:-5.approve",
    "ap1:42.promote",
    "pa2:my.-1",
    "wd1:0",
    "wd1:1e3",
    "ls1:101.some.confirm",
    "ls1:101.all.drop",
    "lg1:101.all.-2",
    "gx1:",
    "bd1:101.2",
    "bd1:101.",
    "bd1:0.8",
    "bu1:101.menu",
    "au1:-1",
    "au1:1.5",
    "aq1:101",
    "ai1:abc.0",
    "sr1:vk.0",
    "sp1:vk..4 9",
    "sx1:vk...day.t.o",
    "sx1:vk...d.t",
    "sx1:vk...d.t.x",
    "sf1:vk...d.t.x",
    "ex1:-1",
    "ey1:VK",
    "ez1:vk.2",
    "ez1:vk",
    "hl1:Z",
    "xt1:ftp",
    "xc1:de",
    "xd1:7",
    "xr1:1.012345678",
    "xk1:0123456789.-1",
    "xk1:0123456789.1000000001",
  ]) {
    it(`gives nothing for ${JSON.stringify(data)}`, () => {
      assert.deepStrictEqual(decodeAction(data), Option.none())
    })
  }
})

describe("the flow of a button", () => {
  it.effect("is the admins' exactly where an area of their desk answers it", () =>
    Effect.gen(function* () {
      const scene = yield* Scene.make()
      const desk = yield* Effect.provideContext(makeDesk, scene.context)
      const ofAdmins = Record.keys(longest).filter((tag) => flowOf(tag) === "admin")
      assert.isAbove(ofAdmins.length, 40)
      assert.deepStrictEqual(desk.buttons.toSorted(), ofAdmins.toSorted())
    }),
  )

  it("finds the one that answers, for every button", () => {
    const by =
      (flow: Flow) =>
      (action: Action): readonly [Flow, Action] => [flow, action]
    const answer = byFlow({
      order: by("order"),
      own: by("own"),
      goods: by("goods"),
      why: by("why"),
      hand: by("hand"),
      proxyAdd: by("proxyAdd"),
      proxyGet: by("proxyGet"),
      proxyHeld: by("proxyHeld"),
      stats: by("stats"),
      admin: by("admin"),
      applicant: by("applicant"),
      language: by("language"),
      label: by("label"),
    })
    for (const action of actions) {
      assert.deepStrictEqual(answer(action), [flowOf(action._tag), action])
    }
  })
})
