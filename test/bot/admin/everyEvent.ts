/** An event of every kind, with a secret in each place that may hold one. */
import { Day } from "../../../src/domain/Day.ts"
import { TelegramId } from "../../../src/domain/Employee.ts"
import { RequestKey } from "../../../src/domain/Issuance.ts"
import { type Item, ItemId, type Quarantined } from "../../../src/domain/Item.ts"
import { CountryCode, type Proxy, ProxyId } from "../../../src/domain/Proxy.ts"
import type { JournalEvent } from "../../../src/store/Journal.ts"
import { issuanceId, issuanceOf, requestOf } from "../../contracts/journalFixtures.ts"

export const holder = TelegramId.make(101)
export const colleague = TelegramId.make(102)
export const admin = TelegramId.make(1)

/** What must stand on no screen. */
export const secret = /planted/i

const origin = {
  tab: "ВКонтакте",
  header: ["Логин"],
  cells: [{ value: "planted-cell" }],
}

export const secretItem: Item = {
  id: ItemId.make("planted-claim-1"),
  resource: "vk",
  variant: null,
  key: "planted-key@example.com",
  fields: { login: "planted-login@example.com", password: "planted-password" },
  extras: [{ header: "Почта", text: "planted-extra" }],
  region: null,
  day: null,
  origin,
}

const quarantined: Quarantined = {
  id: ItemId.make("planted-claim-2"),
  tab: "ВКонтакте",
  reason: "duplicate",
  column: "Логин",
  origin,
  reported: false,
}

const [first, second] = [issuanceId(1), issuanceId(2)]
const issuance = issuanceOf("", { id: first, item: secretItem, holder, stage: "planted-nickname" })
const request = {
  ...requestOf("vk", holder, "planted-nickname"),
  key: RequestKey.make("planted:1"),
}
const items = Array.from({ length: 3 }, (_, at) => ItemId.make(`planted-claim-${at}`))
const mark = { status: "good", at: 1, by: holder, auto: false }

const offer = { to: colleague, card: { chatId: 102, messageId: 1 }, until: 9 }

const endpoint = { host: "planted.example", port: 8080, user: "planted", password: "planted" }
const proxyId = ProxyId.make("PR0XY00001")
const proxy: Proxy = {
  id: proxyId,
  type: "http",
  endpoint,
  country: CountryCode.make("DE"),
  until: Day.make("2026-12-01"),
  addedBy: admin,
  addedAt: 1,
  uses: [{ target: "vk", by: holder, stage: "planted-nickname", at: 1 }],
  place: "listed",
  generation: 1,
  expiryTold: false,
}
const change = {
  id: proxyId,
  type: "http",
  endpoint,
  country: CountryCode.make("DE"),
  until: Day.make("2026-12-01"),
  usedOtherwise: [],
} as const
const held = { proxy: proxyId, generation: 1, at: 1 }

type EventOf<Tag extends JournalEvent["_tag"]> = Extract<JournalEvent, { readonly _tag: Tag }>

/** A new kind of event does not compile until it is here. */
export const everyEvent: { readonly [Tag in JournalEvent["_tag"]]: EventOf<Tag> } = {
  NicknameChanged: {
    _tag: "NicknameChanged",
    person: holder,
    from: "anna",
    to: "anna.k",
    by: admin,
    at: 1,
  },
  ApplicationWithdrawn: { _tag: "ApplicationWithdrawn", person: holder, at: 1 },
  Loaded: {
    _tag: "Loaded",
    claim: "planted-claim",
    tab: "ВКонтакте",
    items: [secretItem],
    quarantined: [quarantined],
    halfTyped: [quarantined],
    at: 1,
  },
  Issued: { _tag: "Issued", request, issuances: [issuance], at: 1 },
  DeliveryStarted: { _tag: "DeliveryStarted", ids: [first], at: 1 },
  Delivered: { _tag: "Delivered", ids: [first], confirmAt: 9, at: 1 },
  DeliveryRefused: { _tag: "DeliveryRefused", ids: [first], at: 1 },
  DeliveryUnsure: { _tag: "DeliveryUnsure", ids: [first], at: 1 },
  Withdrawn: { _tag: "Withdrawn", ids: [second], keys: ["planted-key@example.com"], at: 1 },
  Confirmed: { _tag: "Confirmed", id: first, mark: { ...mark, auto: true } },
  Undone: { _tag: "Undone", id: first, by: holder, confirmAt: 9, at: 1 },
  Corrected: { _tag: "Corrected", id: first, mark: { ...mark, status: "block" } },
  Extended: { _tag: "Extended", id: first, confirmAt: 9, by: holder, at: 1 },
  Commented: { _tag: "Commented", id: first, comment: "planted-comment", by: holder, at: 1 },
  ReplacementDeclined: { _tag: "ReplacementDeclined", id: first, at: 1 },
  Written: { _tag: "Written", rows: [{ id: first, mark }], at: 1 },
  QuarantineReported: { _tag: "QuarantineReported", ids: items, at: 1 },
  QuarantineLeft: {
    _tag: "QuarantineLeft",
    way: "issue",
    left: [{ row: quarantined, item: secretItem }],
    by: admin,
    at: 1,
  },
  QuarantineEntered: {
    _tag: "QuarantineEntered",
    way: "drop",
    quarantined: [quarantined],
    by: admin,
    at: 1,
  },
  Doubted: { _tag: "Doubted", quarantined: [quarantined], ids: [second], at: 1 },
  Adopted: {
    _tag: "Adopted",
    places: [{ item: quarantined.id, tab: "ВКонтакте", is: "issued" }],
    ids: [second],
    at: 1,
  },
  QuarantineEmptied: { _tag: "QuarantineEmptied", ids: items, at: 1 },
  TodayOnlySet: { _tag: "TodayOnlySet", on: true, by: admin, at: 1 },
  ReturnBegun: { _tag: "ReturnBegun", ids: items, version: "1", by: admin, at: 1 },
  Returned: { _tag: "Returned", ids: items, at: 1 },
  Paused: { _tag: "Paused", note: "planted-note", by: admin, at: 1 },
  Resumed: { _tag: "Resumed", by: admin, at: 1 },
  Cleared: { _tag: "Cleared", trash: "plantedtrash", ids: items, version: "1", by: admin, at: 1 },
  Restored: { _tag: "Restored", trash: "plantedtrash", by: admin, at: 1 },
  TrashEmptied: { _tag: "TrashEmptied", trash: "plantedtrash", at: 1 },
  SetAside: { _tag: "SetAside", id: first, from: holder, by: admin, at: 1 },
  BroughtBack: {
    _tag: "BroughtBack",
    id: first,
    item: secretItem.id,
    to: holder,
    confirmAt: 9,
    by: admin,
    at: 1,
  },
  Transferred: {
    _tag: "Transferred",
    id: first,
    from: holder,
    request: { ...request, by: colleague },
    confirmAt: 9,
    by: admin,
    at: 1,
  },
  Offered: { _tag: "Offered", id: first, from: holder, to: colleague, offer, at: 1 },
  OfferEnded: {
    _tag: "OfferEnded",
    id: first,
    from: holder,
    to: colleague,
    offer,
    reason: "declined",
    at: 1,
  },
  RewriteBegun: {
    _tag: "RewriteBegun",
    id: first,
    gone: false,
    value: true,
    by: admin,
    at: 1,
  },
  Abandoned: { _tag: "Abandoned", id: first, mark, row: null, by: admin, at: 1 },
  Unabandoned: { _tag: "Unabandoned", id: first, by: admin, at: 1 },
  Retired: { _tag: "Retired", issuances: [first], requests: [request.key], at: 1 },
  ProxiesAdded: {
    _tag: "ProxiesAdded",
    request: request.key,
    proxies: [proxy],
    renewed: [change],
    at: 1,
  },
  ProxiesChanged: { _tag: "ProxiesChanged", changes: [change], at: 1 },
  ProxiesLooked: { _tag: "ProxiesLooked", listed: [proxyId], gone: [proxyId], at: 1 },
  ProxyReserved: {
    _tag: "ProxyReserved",
    reservation: {
      proxy: proxyId,
      generation: 1,
      targets: ["vk"],
      by: holder,
      stage: "planted-nickname",
      message: { chatId: 101, messageId: 1 },
      at: 1,
      until: 2,
    },
  },
  ProxyReleased: { _tag: "ProxyReleased", ...held, reason: "timedOut" },
  ProxyTaken: { _tag: "ProxyTaken", ...held },
  ProxyExtended: { _tag: "ProxyExtended", ...held, until: 3 },
  ProxyReturned: { _tag: "ProxyReturned", ...held },
  ProxyBroken: {
    _tag: "ProxyBroken",
    ...held,
    by: holder,
    stage: "planted-nickname",
    reason: "planted-reason",
  },
  ProxyShown: { _tag: "ProxyShown", ...held },
  ProxyGatewaysNamed: { _tag: "ProxyGatewaysNamed", gateways: ["gateway"], at: 1 },
  ProxiesExpiryTold: { _tag: "ProxiesExpiryTold", ids: [proxyId], at: 1 },
  ProxiesRetired: { _tag: "ProxiesRetired", requests: [request.key], at: 1 },
}
