/** Random scripts against the rules of a pool, and what must hold of every event. */
import { assert } from "@effect/vitest"
import { Result, Schema } from "effect"
import { dayOf } from "../../src/domain/Day.ts"
import { TelegramId } from "../../src/domain/Employee.ts"
import {
  extensionsOf,
  type IssuanceId,
  type Mark,
  placeOf,
  sameMark,
} from "../../src/domain/Issuance.ts"
import { type Item, type ItemId, type Quarantined, QuarantineWay } from "../../src/domain/Item.ts"
import type { PoolEvent } from "../../src/domain/PoolEvent.ts"
import * as Available from "../../src/pool/Available.ts"
import type { AdminCommand, KeeperCommand, PersonCommand } from "../../src/pool/Contract.ts"
import { evolve } from "../../src/pool/rulebook.ts"
import { afterRestart } from "../../src/pool/rules/delivering.ts"
import { empty, liveOf, type PoolState, versionOf } from "../../src/pool/State.ts"
import { returningOf, writtenOf } from "../../src/pool/View.ts"
import {
  anItem,
  anyone,
  by,
  chief,
  halfTypedRow,
  hour,
  issue,
  load,
  makeRules,
  mamba,
  message,
  minute,
  moscow,
  small,
} from "./fixtures.ts"

const regions = Schema.Literals(["495", "812"])

/** Counted from the day on which it is loaded; `null`: no day. */
const days = Schema.NullOr(Schema.Literals([-1, 0, 0, 0, 1]))
type Days = typeof days.Type

/** `pick` chooses among what was issued so far, the newest first. */
const onIssuance = { pick: small(5) }
const byPerson = { ...onIssuance, actor: Schema.Literals(["holder", "holder", "other", "admin"]) }
/** Otherwise there would be nothing to issue most of the time. */
const seldom = { really: Schema.Literals([true, false, false]) }
const Step = Schema.Union([
  Schema.TaggedStruct("Load", {
    claim: small(3),
    items: Schema.Array(
      Schema.Struct({
        key: small(12),
        variant: Schema.Literals(["male", "female"]),
        region: Schema.NullOr(regions),
        day: days,
      }),
    ).check(Schema.isMaxLength(4)),
    /** The key of the first item was issued long ago. */
    known: Schema.Boolean,
    /** Somebody typed one more row when the others were claimed. */
    half: Schema.optionalKey(Schema.Boolean),
  }),
  Schema.TaggedStruct("Issue", {
    message: small(4),
    variant: Schema.NullOr(Schema.Literals(["male", "female"])),
    region: regions,
    quantity: Schema.Literals([1, 2, 5]),
    by: anyone,
  }),
  Schema.TaggedStruct("Confirm", {
    ...byPerson,
    status: Schema.Literals(["good", "block", "block"]),
  }),
  Schema.TaggedStruct("Correct", {
    ...byPerson,
    status: Schema.Literals(["good", "block", "block"]),
  }),
  Schema.TaggedStruct("Comment", {
    ...byPerson,
    comment: Schema.Literals(["banned", "no code", ""]),
  }),
  Schema.TaggedStruct("Undo", byPerson),
  /** `late`: pressed on a message that does not show the last extension yet. */
  Schema.TaggedStruct("Extend", { ...byPerson, late: Schema.Boolean }),
  Schema.TaggedStruct("Replace", byPerson),
  Schema.TaggedStruct("DeclineReplacement", byPerson),
  Schema.TaggedStruct("DeliveryStarted", onIssuance),
  Schema.TaggedStruct("Delivered", onIssuance),
  Schema.TaggedStruct("DeliveryRefused", onIssuance),
  Schema.TaggedStruct("DeliveryUnsure", onIssuance),
  /** `late`: what the row was to say before the last change, be it that it was given up. */
  Schema.TaggedStruct("Written", { ...onIssuance, late: Schema.Literals([false, false, true]) }),
  Schema.TaggedStruct("SetTodayOnly", { on: Schema.Boolean }),
  Schema.TaggedStruct("BeginReturn", {}),
  /** One that is on its way back, or all, and one that nobody knows. */
  Schema.TaggedStruct("Returned", { pick: small(5), all: Schema.Boolean }),
  Schema.TaggedStruct("Pause", { ...seldom, note: Schema.Literals(["", "later"]) }),
  Schema.TaggedStruct("Resume", {}),
  Schema.TaggedStruct("Clear", { ...seldom, stale: Schema.Boolean }),
  Schema.TaggedStruct("Restore", {}),
  Schema.TaggedStruct("Release", { ...seldom, stale: Schema.Boolean }),
  Schema.TaggedStruct("SetAside", onIssuance),
  Schema.TaggedStruct("BringBack", onIssuance),
  /** `stale`: also rows that left the quarantine before. */
  Schema.TaggedStruct("LeaveQuarantine", {
    pick: small(5),
    way: QuarantineWay,
    all: Schema.Boolean,
    twice: Schema.Boolean,
    stale: Schema.Boolean,
  }),
  Schema.TaggedStruct("EnterQuarantine", { pick: small(5), all: Schema.Boolean }),
  Schema.TaggedStruct("SetAsideRegion", { region: regions }),
  Schema.TaggedStruct("Rewrite", { ...onIssuance, gone: Schema.Boolean, value: Schema.Boolean }),
  Schema.TaggedStruct("Offer", { ...byPerson, message: small(9), to: anyone }),
  Schema.TaggedStruct("Accept", { ...onIssuance, really: Schema.Literals([true, true, false]) }),
  Schema.TaggedStruct("EndOffer", byPerson),
  Schema.TaggedStruct("Transfer", { ...onIssuance, message: small(7), to: anyone }),
  Schema.TaggedStruct("Abandon", onIssuance),
  Schema.TaggedStruct("Unabandon", onIssuance),
  Schema.TaggedStruct("Expire", {}),
  Schema.TaggedStruct("Doubt", { luck: small(30) }),
  /** A row in doubt is in a tab; an issuance stands there under its own id, or only its item. */
  Schema.TaggedStruct("Adopt", {
    ...onIssuance,
    is: Schema.Literals(["issued", "returned"]),
    own: Schema.Boolean,
  }),
  Schema.TaggedStruct("Wait", { minutes: Schema.Literals([1, 9, 10, 60, 25 * 60]) }),
  Schema.TaggedStruct("Restart", {}),
])
type Step = typeof Step.Type

/** Left to themselves scripts stay near the least length, too short for an item to get anywhere. */
export const Script = Schema.Array(Step).check(Schema.isMinLength(40), Schema.isMaxLength(60))

/** A resource with everything that there are rules for. */
export const dated = { ...mamba, dayBound: true }

export const makeWorld = () => {
  const rules = makeRules(dated)
  const issued: Array<IssuanceId> = []
  /** All that was ever said of an issuance, the newest last. */
  const marks = new Map<IssuanceId, ReadonlyArray<Mark>>()
  const shown = new Set<string>()
  const retired: Array<string> = []
  const returned: Array<string> = []
  /** Emptied out of the trash. */
  const gone: Array<string> = []
  const loaded: Array<string> = []
  /** The events as a journal would give them back, with the restarts in between. */
  let folded: PoolState = empty
  let rows = 0
  /** The rows that are in quarantine, as the journal keeps them. */
  const quarantined = new Map<ItemId, Quarantined>()
  const ever = new Map<ItemId, Quarantined>()
  const itemsKnown = new Map<ItemId, Item>()

  const sort = (event: PoolEvent) => {
    const enter = (row: Quarantined) => {
      quarantined.set(row.id, row)
      ever.set(row.id, row)
    }
    if (event._tag === "Loaded") event.quarantined.forEach(enter)
    if (event._tag === "SetAside" && event.row !== undefined) enter(event.row)
    if (event._tag === "BroughtBack") quarantined.delete(event.item)
    if (event._tag === "QuarantineLeft") {
      for (const { row } of event.left) {
        assert.isTrue(quarantined.delete(row.id), "worked a row that was elsewhere")
      }
    }
    if (event._tag === "QuarantineEntered") event.quarantined.forEach(enter)
    if (event._tag === "Doubted") event.quarantined.forEach(enter)
    if (event._tag === "Adopted") {
      for (const { item } of event.places) {
        assert.isTrue(quarantined.delete(item), "settled a row that was elsewhere")
      }
    }
    if (event._tag === "QuarantineEmptied") gone.push(...event.ids)
  }

  const take = (event: PoolEvent, before: PoolState) => {
    folded = evolve(folded, event)
    sort(event)
    const itemOf = (id: IssuanceId) =>
      liveOf(before).find(({ issuance }) => issuance.id === id)?.issuance.item.id ?? "nothing"
    if (event._tag === "Loaded") {
      const { items, quarantined: aside, halfTyped = [] } = event
      loaded.push(...[...items, ...aside, ...halfTyped].map((item) => item.id))
    }
    if (event._tag === "Issued") {
      issued.unshift(...event.issuances.map(({ id }) => id))
      assert.isNull(before.pause, "issued while paused")
      const fits = event.issuances.every(({ item }) => item.day === rules.today)
      assert.isTrue(fits || !before.todayOnly, "issued on another day")
    }
    if (event._tag === "Extended") {
      const { issuance } = liveOf(before).find((each) => each.issuance.id === event.id)!
      assert.isBelow(issuance.extensions ?? 0, 2, "extended a third time")
      assert.isNull(issuance.mark, "extended after its mark")
      assert.isBelow(rules.now, issuance.confirmAt, "extended after its end")
    }
    if (event._tag === "Confirmed" || event._tag === "Corrected") {
      marks.set(event.id, [...(marks.get(event.id) ?? []), event.mark])
    }
    if (event._tag === "Commented") {
      const mark = rules.get(event.id).mark
      if (mark !== null) marks.set(event.id, [...(marks.get(event.id) ?? []), mark])
    }
    if (event._tag === "Retired") {
      retired.push(...event.issuances.map(itemOf))
      const left = liveOf(before).filter(({ issuance }) => event.issuances.includes(issuance.id))
      for (const { issuance } of left) {
        const { abandoned } = issuance
        const written = placeOf(issuance) === "written"
        assert.isTrue(written || abandoned !== undefined, "let go before it was written")
        assert.isAtLeast(rules.now, (abandoned?.at ?? -Infinity) + 24 * hour, "let go too early")
      }
    }
    if (event._tag === "Delivered" || event._tag === "DeliveryUnsure") {
      for (const id of event.ids) shown.add(itemOf(id))
    }
    if (event._tag === "Withdrawn") {
      const seen = event.ids.filter((id) => shown.has(itemOf(id)))
      assert.deepStrictEqual(seen, [], "an item that was seen came back")
    }
    if (event._tag === "ReturnBegun") {
      const released = event.version !== undefined
      const old = Available.all(before.available).flatMap(({ item: { id, day } }) =>
        released || (day !== null && day < rules.today) ? [id] : [],
      )
      assert.deepStrictEqual(event.ids, old, "the wrong ones go back")
      assert.isTrue(released || before.todayOnly, "sent back without being asked to")
      const seen = event.ids.filter((id) => shown.has(id))
      assert.deepStrictEqual(seen, [], "an item that was seen goes back")
    }
    if (event._tag === "Adopted") {
      for (const { item, is } of event.places) (is === "issued" ? retired : returned).push(item)
      gone.push(...event.ids.map(itemOf))
    }
    if (event._tag === "Returned") returned.push(...event.ids)
    if (event._tag === "TrashEmptied") {
      const thrown = before.trash.find(({ id }) => id === event.trash)
      gone.push(...(thrown?.queued ?? []).map(({ item }) => item.id))
      assert.isAtLeast(rules.now, (thrown?.at ?? Infinity) + 24 * hour, "emptied too early")
    }
    if (event._tag === "BroughtBack") {
      const aside = before.aside.find(({ issuance }) => issuance.id === event.id)
      assert.isBelow(rules.now, (aside?.at ?? -Infinity) + 24 * hour, "brought back too late")
    }
    if (event._tag === "Transferred") {
      const { issuance } = liveOf(before).find((each) => each.issuance.id === event.id)!
      if (issuance.delivery !== "refused") shown.add(issuance.item.id)
    }
  }

  const stockCommandOf = (step: Step): AdminCommand | undefined => {
    const versionFor = (stale: boolean) => (stale ? "1" : versionOf(rules.state))
    switch (step._tag) {
      case "Pause":
        return step.really ? { _tag: step._tag, note: step.note, admin: chief } : undefined
      case "Resume":
        return { _tag: step._tag, admin: chief }
      case "Clear":
      case "Release":
        return step.really
          ? { _tag: step._tag, version: versionFor(step.stale), admin: chief }
          : undefined
      case "Restore":
        return { _tag: step._tag, trash: rules.state.trash[0]?.id ?? "none", admin: chief }
      default:
        return undefined
    }
  }

  const commandOf = (step: Step): PersonCommand | KeeperCommand | AdminCommand | undefined => {
    const onStock = stockCommandOf(step)
    if (onStock !== undefined) return onStock
    if (step._tag === "Expire" || step._tag === "BeginReturn") return step
    if (step._tag === "Doubt") return step.luck === 0 ? { _tag: step._tag } : undefined
    if (step._tag === "Adopt") {
      const inDoubt = [...quarantined.values()].filter(({ reason }) => reason === "restored")
      const held = liveOf(rules.state)[step.pick]?.issuance
      const row = { status: "good", markedAt: null, auto: false }
      return {
        _tag: step._tag,
        settled: inDoubt
          .slice(step.pick)
          .slice(0, 1)
          .map(({ id: item, tab }) => ({ item, tab, is: step.is })),
        issued:
          held === undefined || step.is === "returned"
            ? []
            : [{ ...row, id: step.own ? held.id : "", key: held.item.key }],
        based: held === undefined || step.is === "issued" ? [] : [held.item.key],
      }
    }
    if (step._tag === "SetTodayOnly") return { ...step, admin: chief }
    if (step._tag === "Returned") {
      const ids = returningOf(rules.state).map((item) => item.id)
      const one = ids.slice(step.pick % Math.max(1, ids.length)).slice(0, 1)
      return { _tag: step._tag, ids: [...(step.all ? ids : one), anItem("unknown").id] }
    }
    if (step._tag === "LeaveQuarantine") {
      const { way, twice } = step
      const here = [...(step.stale ? ever : quarantined).values()]
      const chosen = step.all ? here : here.slice(step.pick).slice(0, 1)
      return {
        _tag: step._tag,
        way,
        twice,
        rows: chosen.map((row) => ({ row, item: itemsKnown.get(row.id) ?? null })),
        admin: chief,
      }
    }
    if (step._tag === "EnterQuarantine") {
      const ids = rules.state.worked.map(({ row }) => row.id)
      return {
        _tag: step._tag,
        ids: step.all ? ids : ids.slice(step.pick).slice(0, 1),
        admin: chief,
      }
    }
    if (step._tag === "Load") {
      const items = step.items.map(({ key, day, ...more }) =>
        anItem(`${(rows += 1)}`, { ...more, key: `key-${key}`, day: dayFrom(rules.now, day) }),
      )
      for (const item of items) itemsKnown.set(item.id, item)
      const halfTyped = step.half === true ? [halfTypedRow(`${(rows += 1)}`)] : []
      return load(`claim-${step.claim}`, items, [], halfTyped)
    }
    if (step._tag === "Issue") {
      const { message: number, _tag, ...more } = step
      return issue(number, more)
    }
    if (step._tag === "Rewrite") {
      const { gone: isGone, value } = step
      const written = writtenOf(rules.state)
      const row = written[step.pick % Math.max(1, written.length)]
      if (row === undefined) return undefined
      return {
        _tag: step._tag,
        id: row.id,
        gone: isGone,
        value,
        rewrites: row.rewrites ?? 0,
        admin: chief,
      }
    }
    if (!("pick" in step)) return undefined
    const id = issued[step.pick % issued.length]
    if (id === undefined) return undefined
    const ids = [id]
    const issuance = liveOf(rules.state).find((each) => each.issuance.id === id)?.issuance
    const actor = (who: "holder" | "other" | "admin") => {
      const person = who === "holder" ? issuance?.holder : TelegramId.make(104)
      return by(id, person, who === "admin")
    }
    switch (step._tag) {
      case "Confirm":
      case "Correct":
        return { _tag: step._tag, status: step.status, ...actor(step.actor) }
      case "Extend": {
        const batch = liveOf(rules.state)
          .filter((each) => each.issuance.request === issuance?.request)
          .map((each) => each.issuance)
        const seen = extensionsOf(batch) - (step.late ? 1 : 0)
        return { _tag: step._tag, seen, ...actor(step.actor) }
      }
      case "Comment":
        return { _tag: step._tag, comment: step.comment, ...actor(step.actor) }
      case "Offer": {
        const card = message(step.message)
        return { _tag: step._tag, to: step.to, card, ...actor(step.actor) }
      }
      case "Accept": {
        const { to, card } = issuance?.offer ?? { to: TelegramId.make(101), card: message(9) }
        const person = step.really ? to : TelegramId.make(104)
        return { _tag: step._tag, id, message: card, by: person, stage: "new" }
      }
      case "EndOffer":
        return { _tag: step._tag, id, by: actor(step.actor).by }
      case "Undo":
      case "Replace":
      case "DeclineReplacement":
        return { _tag: step._tag, ...actor(step.actor) }
      case "Delivered":
        return { _tag: step._tag, ids, confirmAt: rules.now + 10 * minute }
      case "SetAside":
      case "BringBack":
      case "Abandon":
      case "Unabandon":
        return { _tag: step._tag, id, admin: chief }
      case "Transfer": {
        const { to, message: number } = step
        return { _tag: step._tag, id, message: message(number), to, stage: "new", admin: chief }
      }
      case "Written": {
        const now = issuance?.mark ?? null
        const before = marks.get(id)?.findLast((mark) => now === null || !sameMark(mark, now))
        const mark = step.late ? before : now
        return mark === undefined || mark === null
          ? undefined
          : { _tag: step._tag, rows: [{ id, mark }] }
      }
      default:
        return { _tag: step._tag, ids }
    }
  }

  /** Does the step; gives the command if it was taken, so that it can be asked again. */
  const run = (step: Step) => {
    if (step._tag === "Wait") rules.now += step.minutes * minute
    if (step._tag === "Restart") {
      rules.replaceState(afterRestart)
      folded = afterRestart(folded)
    }
    const command = commandOf(step)
    if (command === undefined || Result.isFailure(rules.tryOut(command))) return undefined
    const known = step._tag === "Load" && step.known && command._tag === "Load"
    const knownKeys = new Set(known ? command.items.slice(0, 1).map(({ key }) => key) : [])
    const before = rules.state
    const from = rules.events.length
    rules.run(command, { knownKeys })
    for (const event of rules.events.slice(from)) take(event, before)
    if (JSON.stringify(availableIn(before)) !== JSON.stringify(availableIn(rules.state))) {
      assert.notStrictEqual(versionOf(rules.state), versionOf(before), "a change without a version")
    }
    // Whoever asks again has read the quarantine again.
    return command._tag === "Adopt" ? { ...command, settled: [] } : command
  }

  const start = ["male", "female", "male", "male"] as const
  run({
    _tag: "Load",
    claim: 4,
    known: false,
    items: start.map((variant, key) => ({ key: key + 20, variant, region: null, day: 0 })),
  })
  return { rules, run, loaded, retired, returned, gone, quarantined, folded: () => folded }
}

export type World = ReturnType<typeof makeWorld>

const availableIn = (state: PoolState) => Available.all(state.available).map(({ item }) => item.id)

const dayFrom = (now: number, later: Days) =>
  later === null ? null : dayOf(now + later * 24 * hour, moscow)
