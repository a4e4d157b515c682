/**
 * /audit: the journal as admins read it: everything that happened, or what concerns one person or
 * one issuance.
 *
 * Items appear by the ids of their issuances and in counts. Neither their values nor what people
 * wrote but for nicknames is read here, so no secret can be shown.
 */
import { Clock, Effect, Option, Schema } from "effect"
import { Settings } from "../../config/Settings.ts"
import type { Resource } from "../../domain/Catalogue.ts"
import type { TelegramId } from "../../domain/Employee.ts"
import { IssuanceId } from "../../domain/Issuance.ts"
import { peoplePool, PersonEvent } from "../../domain/PersonEvent.ts"
import { PoolEvent } from "../../domain/PoolEvent.ts"
import type { ProxyEvent } from "../../domain/ProxyEvent.ts"
import { Pools } from "../../pool/Pools.ts"
import { Proxies } from "../../pool/proxies/Proxies.ts"
import {
  Journal,
  type JournalDamaged,
  type JournalEvent,
  type Recorded,
  type TrailQuery,
} from "../../store/Journal.ts"
import type { Action, ActionOf } from "../buttons.ts"
import { Wording } from "../Languages.ts"
import { type Press, Replies } from "../Replies.ts"
import { bold, code, type Html, html, joinHtml, type Keyboard, type Screen } from "../Screen.ts"
import { resourceName, type Scenery, sinceText } from "../screens/lists.ts"
import { cut, lines, menuBelow, notice, tap, visibleLength } from "../screens/parts.ts"
import type { Texts } from "../texts/Texts.ts"
import type { Area, Asked } from "./Admins.ts"
import { Directory, echo, idIn, matching, namesOf, stageText } from "./Directory.ts"

/** Whose events are shown. */
type Subject =
  | { readonly _tag: "All" }
  | { readonly _tag: "Person"; readonly person: TelegramId }
  | { readonly _tag: "Issuance"; readonly issuance: IssuanceId }

export const makeAudit = Effect.gen(function* () {
  const replies = yield* Replies
  const journal = yield* Journal
  const pools = yield* Pools
  const proxies = yield* Proxies
  const directory = yield* Directory
  const { timezone: zone } = yield* Settings

  const resources = [...pools.resources, ...Option.toArray(proxies.resource)]

  const draw = Effect.fnUntraced(function* (subject: Subject, before: number) {
    const texts = yield* Wording
    const records = yield* journal.trail({
      ...queryOf(subject),
      ...(before > 0 && { before }),
      limit: eventsOnPage + 1,
    })
    const scenery = { now: yield* Clock.currentTimeMillis, zone, texts }
    return auditScreen(
      { subject, before, records, resources, nameOf: yield* directory.names },
      scenery,
    )
  })

  const hasEvents = (subject: Subject) =>
    Effect.map(journal.trail({ ...queryOf(subject), limit: 1 }), (found) => found.length > 0)

  /** Ten digits may be both ids: they mean a person unless only an issuance has left events. */
  const byNumber = Effect.fnUntraced(function* (person: TelegramId, argument: string) {
    const subject: Subject = { _tag: "Person", person }
    const issuance = decodeIssuance(argument)
    if (Option.isNone(issuance) || (yield* hasEvents(subject))) return subject
    const other: Subject = { _tag: "Issuance", issuance: issuance.value }
    return (yield* hasEvents(other)) ? other : subject
  })

  /** Finds whose events an admin asks for. Where nobody is found, returns the answer to give. */
  const subjectOf = Effect.fnUntraced(function* (argument: string) {
    const texts = yield* Wording
    const words = texts.audit
    if (argument === "") return everything
    const id = idIn(argument)
    if (id !== undefined) return yield* byNumber(id, argument)
    const [person, ...others] = matching(yield* directory.all, argument)
    const name = echo(argument)
    if (person !== undefined && others.length > 0) {
      return texts.blocks.several(name, namesOf([person, ...others]))
    }
    if (person !== undefined) return { _tag: "Person", person: person.id } satisfies Subject
    return Option.match(decodeIssuance(argument.toUpperCase()), {
      onNone: () => words.unknown(name),
      onSome: (issuance): Subject => ({ _tag: "Issuance", issuance }),
    })
  })

  const open = Effect.fnUntraced(
    function* ({ chatId, argument }: Asked) {
      const texts = yield* Wording
      const subject = yield* subjectOf(argument)
      yield* replies.say(
        chatId,
        typeof subject === "string" ? notice(subject, texts) : yield* draw(subject, 0),
      )
    },
    (work, { chatId }) =>
      Effect.catchTag(
        work,
        "JournalDamaged",
        Effect.fnUntraced(function* (error) {
          const texts = yield* Wording
          yield* log(error)
          yield* replies.say(chatId, notice(texts.audit.damaged, texts))
        }),
      ),
  )

  const turn = Effect.fnUntraced(
    function* (press: Press, subject: Subject, before: number) {
      yield* replies.turn(press, yield* draw(subject, before))
    },
    (work, press) =>
      Effect.catchTag(
        work,
        "JournalDamaged",
        Effect.fnUntraced(function* (error) {
          yield* log(error)
          yield* press.alert((yield* Wording).audit.damaged)
        }),
      ),
  )

  const area: Area = {
    commands: { audit: open },
    buttons: {
      Audit: (press, { before }: ActionOf<"Audit">) => turn(press, everything, before),
      AuditPerson: (press, { person, before }) => turn(press, { _tag: "Person", person }, before),
      AuditIssuance: (press, { issuance, before }) =>
        turn(press, { _tag: "Issuance", issuance }, before),
    },
  }
  return area
})

const everything: Subject = { _tag: "All" }

const decodeIssuance = Schema.decodeUnknownOption(IssuanceId)

const queryOf = (subject: Subject): Omit<TrailQuery, "limit"> => {
  switch (subject._tag) {
    case "All":
      return {}
    case "Person":
      return { person: subject.person }
    case "Issuance":
      return { issuance: subject.issuance }
  }
}

const log = ({ message }: JournalDamaged) =>
  Effect.logError("the journal cannot be shown").pipe(Effect.annotateLogs({ problem: message }))

/** A page of the journal: a line for each event, the newest first. */
interface AuditView {
  readonly subject: Subject
  /** The page shows what happened before the event of this number; `0` begins with the newest. */
  readonly before: number
  /** At most one more than a page shows: the extra one tells that there are older events. */
  readonly records: ReadonlyArray<Recorded>
  readonly resources: ReadonlyArray<Resource>
  nameOf(id: TelegramId): string
}

const eventsOnPage = 20

/** Longest text of the events, so that the heading has room. */
const lengthMax = 3_800

/** Ids that a line names; the others are counted. */
const idsMax = 5

const auditScreen = (view: AuditView, scenery: Scenery): Screen => {
  const { texts } = scenery
  const shown = fitting(
    view.records.slice(0, eventsOnPage).map((each) => line(each, view, scenery)),
  )
  return {
    html: lines(
      bold(headingOf(view, scenery)),
      html``,
      ...(shown.length === 0 ? [html`${texts.audit.nothing}`] : shown),
    ),
    keyboard: [...turning(view, shown.length, scenery), menuBelow(texts)],
  }
}

const headingOf = ({ subject, nameOf }: AuditView, { texts: { audit } }: Scenery): string => {
  switch (subject._tag) {
    case "All":
      return audit.title
    case "Person":
      return audit.ofPerson(nameOf(subject.person))
    case "Issuance":
      return audit.ofIssuance(subject.issuance)
  }
}

/** As many lines as there is room for, at least one. */
const fitting = (events: ReadonlyArray<Html>): ReadonlyArray<Html> => {
  let length = 0
  const end = events.findIndex((each, at) => {
    length += visibleLength(each) + 1
    return at > 0 && length > lengthMax
  })
  return end < 0 ? events : events.slice(0, end)
}

const line = ({ at, pool, event }: Recorded, view: AuditView, scenery: Scenery): Html => {
  const { texts } = scenery
  const { from, to, by, more } = texts.audit
  const resource = view.resources.find(({ id }) => id === pool)
  const happening = happeningOf(event, resource, texts)
  const people = [
    ...(happening.from === undefined ? [] : [from(view.nameOf(happening.from))]),
    ...(happening.to === undefined ? [] : [to(view.nameOf(happening.to))]),
    ...(happening.by === undefined ? [] : [by(view.nameOf(happening.by))]),
  ]
  const hidden = happening.ids.length - idsMax
  const ids = [
    ...happening.ids.slice(0, idsMax).map(code),
    ...(hidden > 0 ? [html`${more(hidden)}`] : []),
  ]
  return joinHtml(
    [
      html`${sinceText(at, scenery)}`,
      html`${placeOf(pool, resource, texts)}`,
      html`${happening.what}`,
      ...people.map((text) => html`${text}`),
      ...(ids.length === 0 ? [] : [joinHtml(ids, ", ")]),
    ],
    " · ",
  )
}

/** A resource that the catalogue no longer has goes by its id. */
const placeOf = (pool: string, resource: Resource | undefined, texts: Texts): string => {
  if (resource !== undefined) return resourceName(resource, texts)
  return pool === peoplePool ? texts.audit.people.title : pool
}

const turning = (
  { subject, before, records }: AuditView,
  shown: number,
  { texts: { audit } }: Scenery,
): Keyboard => {
  const last = records[shown - 1]
  const row = [
    ...(before > 0 ? [tap(audit.newest, pageBefore(subject, 0))] : []),
    ...(last !== undefined && records.length > shown
      ? [tap(audit.older, pageBefore(subject, last.seq))]
      : []),
  ]
  return [
    ...(row.length > 0 ? [row] : []),
    ...(subject._tag === "Person"
      ? [[tap(audit.card, { _tag: "Person", person: subject.person })]]
      : []),
  ]
}

/** Shows what happened before the event of that number. */
const pageBefore = (subject: Subject, before: number): Action => {
  switch (subject._tag) {
    case "All":
      return { _tag: "Audit", before }
    case "Person":
      return { _tag: "AuditPerson", person: subject.person, before }
    case "Issuance":
      return { _tag: "AuditIssuance", issuance: subject.issuance, before }
  }
}

/** What an event says in plain words. */
interface Happening {
  readonly what: string
  /** Who had the item, who has it from then on, and who did it. */
  readonly from?: TelegramId
  readonly to?: TelegramId
  readonly by?: TelegramId
  /** The issuances or proxies that the event concerns. */
  readonly ids: ReadonlyArray<string>
}

/** The resource is `undefined` where the catalogue no longer has it. */
const happeningOf = (
  event: JournalEvent,
  resource: Resource | undefined,
  texts: Texts,
): Happening => {
  if (isPoolEvent(event)) return ofItems(event, resource, texts)
  return isPersonEvent(event) ? ofPeople(event, texts) : ofProxies(event, texts)
}

const poolTags: ReadonlySet<string> = new Set(Object.keys(PoolEvent.cases))
const isPoolEvent = (event: JournalEvent): event is PoolEvent => poolTags.has(event._tag)

const isPersonEvent = (event: JournalEvent): event is PersonEvent => event._tag in PersonEvent.cases

const ofPeople = (event: PersonEvent, { audit: { people } }: Texts): Happening => {
  switch (event._tag) {
    case "NicknameChanged": {
      const { person, from, to, by } = event
      return {
        what: people.nicknameChanged(stageText(from), stageText(to)),
        ...(by !== person && { to: person }),
        by,
        ids: [],
      }
    }
    case "ApplicationWithdrawn":
      return { what: people.withdrawn, by: event.person, ids: [] }
  }
}

const ofItems = (event: PoolEvent, resource: Resource | undefined, texts: Texts): Happening => {
  const words = texts.audit.items
  switch (event._tag) {
    case "Loaded":
      return { what: loadedText(event, texts), ids: [] }
    case "Issued":
      return { what: issuedText(event, texts), to: event.request.by, ids: idsOf(event.issuances) }
    case "DeliveryStarted":
      return { what: words.deliveryStarted, ids: event.ids }
    case "Delivered":
      return { what: words.delivered, ids: event.ids }
    case "DeliveryRefused":
      return { what: words.deliveryRefused, ids: event.ids }
    case "DeliveryUnsure":
      return { what: words.deliveryUnsure, ids: event.ids }
    case "Withdrawn":
      return { what: words.withdrawn, ids: event.ids }
    case "Confirmed":
    case "Corrected":
      return { ...markOf(event, resource, texts), ids: [event.id] }
    case "Commented":
      return {
        what: event.comment === "" ? words.uncommented : words.commented,
        by: event.by,
        ids: [event.id],
      }
    case "Undone":
      return { what: words.undone, by: event.by, ids: [event.id] }
    case "Extended":
      return { what: words.extended, by: event.by, ids: [event.id] }
    case "ReplacementDeclined":
      return { what: words.declined, ids: [event.id] }
    case "Written":
      return { what: words.written(event.rows.length), ids: idsOf(event.rows) }
    case "QuarantineReported":
      return { what: words.quarantineReported(event.ids.length), ids: [] }
    case "TodayOnlySet":
      return { what: event.on ? words.todayOnly : words.anyDay, by: event.by, ids: [] }
    case "ReturnBegun":
      return {
        what: words.returnBegun(event.ids.length, tabsOf(resource)),
        ...(event.by !== undefined && { by: event.by }),
        ids: [],
      }
    case "Returned":
      return { what: words.returned(event.ids.length, tabsOf(resource)), ids: [] }
    case "Paused":
      return { what: words.paused, by: event.by, ids: [] }
    case "Resumed":
      return { what: words.resumed, by: event.by, ids: [] }
    case "Cleared":
      return { what: words.cleared(event.ids.length), by: event.by, ids: [] }
    case "Restored":
      return { what: words.restored, by: event.by, ids: [] }
    case "TrashEmptied":
      return { what: words.trashEmptied, ids: [] }
    case "SetAside":
      return { what: words.setAside, from: event.from, by: event.by, ids: [event.id] }
    case "BroughtBack":
      return { what: words.broughtBack, to: event.to, by: event.by, ids: [event.id] }
    case "Offered":
      return { what: words.offered, from: event.from, to: event.to, ids: [event.id] }
    case "OfferEnded":
      return {
        what: words.offerEnded[event.reason],
        from: event.from,
        to: event.to,
        ids: [event.id],
      }
    case "Transferred": {
      const { from, request, by, id } = event
      return { what: words.transferred, from, to: request.by, by, ids: [id] }
    }
    case "RewriteBegun":
      return { what: words.rewriteBegun, by: event.by, ids: [event.id] }
    case "Abandoned":
      return { what: words.abandoned, by: event.by, ids: [event.id] }
    case "Unabandoned":
      return { what: words.unabandoned, by: event.by, ids: [event.id] }
    case "QuarantineLeft":
      return { what: words.quarantineLeft[event.way](event.left.length), by: event.by, ids: [] }
    case "QuarantineEntered":
      return { what: words.quarantineEntered(event.quarantined.length), by: event.by, ids: [] }
    case "QuarantineEmptied":
      return { what: words.quarantineEmptied(event.ids.length), ids: [] }
    case "Doubted":
      return { what: words.doubted(event.quarantined.length), ids: event.ids }
    case "Adopted":
      return { what: words.adopted(event.places.length + event.ids.length), ids: event.ids }
    case "Retired":
      return { what: words.retired(event.issuances.length), ids: [] }
  }
}

const ofProxies = (event: ProxyEvent, texts: Texts): Happening => {
  const words = texts.audit.proxies
  switch (event._tag) {
    case "ProxiesAdded": {
      const by = event.proxies.find(({ addedBy }) => addedBy !== null)?.addedBy
      return {
        what: addedText(event, texts),
        ...(typeof by === "number" && { by }),
        ids: idsOf(event.proxies),
      }
    }
    case "ProxiesChanged":
      return { what: words.changed(event.changes.length), ids: idsOf(event.changes) }
    case "ProxiesLooked":
      return { what: words.looked(event.listed.length, event.gone.length), ids: event.gone }
    case "ProxyReserved": {
      const { proxy, by } = event.reservation
      return { what: words.reserved, to: by, ids: [proxy] }
    }
    case "ProxyReleased":
      return { what: words.released[event.reason], ids: [event.proxy] }
    case "ProxyTaken":
      return { what: words.taken, ids: [event.proxy] }
    case "ProxyExtended":
      return { what: words.extended, ids: [event.proxy] }
    case "ProxyReturned":
      return { what: words.returned, ids: [event.proxy] }
    case "ProxyBroken":
      return { what: words.broken, by: event.by, ids: [event.proxy] }
    case "ProxyShown":
      return { what: words.shown, ids: [event.proxy] }
    case "ProxyGatewaysNamed":
      return { what: words.gatewaysNamed(event.gateways.length), ids: [] }
    case "ProxiesExpiryTold":
      return { what: words.expiryTold(event.ids.length), ids: event.ids }
    case "ProxiesRetired":
      return { what: words.retired(event.requests.length), ids: [] }
  }
}

type EventOf<Tag extends JournalEvent["_tag"]> = Extract<JournalEvent, { readonly _tag: Tag }>

/** The title of a tab may have up to a hundred signs. */
const tabMax = 40

const idsOf = (records: ReadonlyArray<{ readonly id: string }>) => records.map(({ id }) => id)

const tabsOf = (resource: Resource | undefined): string =>
  cut(resource?.baseTabs.map(({ title }) => title).join(", ") ?? "…", tabMax)

const loadedText = (
  { items, tab, quarantined, halfTyped = [] }: EventOf<"Loaded">,
  { audit }: Texts,
): string =>
  [
    audit.items.loaded(items.length, cut(tab, tabMax)),
    ...(quarantined.length > 0 ? [audit.items.unfit(quarantined.length)] : []),
    ...(halfTyped.length > 0 ? [audit.items.halfTyped(halfTyped.length)] : []),
  ].join(", ")

const issuedText = ({ request, issuances }: EventOf<"Issued">, { audit }: Texts): string => {
  const replaced = issuances[0]?.replacementOf ?? null
  return replaced === null
    ? audit.items.issued(issuances.length, request.region)
    : audit.items.replacement(replaced, request.region)
}

const addedText = ({ proxies, renewed }: EventOf<"ProxiesAdded">, { audit }: Texts): string =>
  [
    audit.proxies.added(proxies.length),
    ...(renewed.length > 0 ? [audit.proxies.renewed(renewed.length)] : []),
  ].join(", ")

/** A mark of the timer carries the name of the holder, who has done nothing. */
const markOf = (
  { _tag, mark }: EventOf<"Confirmed" | "Corrected">,
  resource: Resource | undefined,
  texts: Texts,
): Omit<Happening, "ids"> => {
  const words = texts.audit.items
  const status = resource?.statuses.find(({ id }) => id === mark.status)
  const name = status === undefined ? mark.status : cut(texts.label(status.label), tabMax)
  if (mark.auto) return { what: words.markedItself(name), to: mark.by }
  return { what: _tag === "Corrected" ? words.corrected(name) : words.marked(name), by: mark.by }
}
