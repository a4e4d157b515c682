/** Writes for tests of the journal, told apart by a number. */
import {
  IssuanceId,
  type Issuance,
  type Mark,
  type Request,
  RequestKey,
} from "../../src/domain/Issuance.ts"
import { type Item, ItemId, type Quarantined } from "../../src/domain/Item.ts"
import { TelegramId } from "../../src/domain/Employee.ts"
import { PoolEvent } from "../../src/domain/PoolEvent.ts"
import { type Booked, type Intent, type JournalEvent, Write } from "../../src/store/Journal.ts"

export const issuanceId = (n: number) => IssuanceId.make(String(n).padStart(10, "0"))

/** An event that says nothing but its number. */
export const declined = (n: number): PoolEvent =>
  PoolEvent.cases.ReplacementDeclined.make({ id: issuanceId(n), at: n })

export const events = (pool: string, ...numbers: ReadonlyArray<number>): Write =>
  Write.cases.PoolEvents.make({ pool, events: numbers.map(declined) })

export const numberOf = (event: JournalEvent): number =>
  event._tag === "ReplacementDeclined" ? event.at : -1

export const employee = TelegramId.make(79_000_001)

export const itemOf = (key: string): Item => ({
  id: ItemId.make(`claim-${key}`),
  resource: "vk",
  variant: null,
  key,
  fields: { login: key, password: "not-a-password" },
  extras: [],
  region: null,
  day: null,
  origin: { tab: "ВКонтакте", header: ["Логин"], cells: [{ value: key }] },
})

/** A row of that name that cannot be issued. */
export const quarantinedOf = (key: string, about: Partial<Quarantined> = {}): Quarantined => {
  const { id, origin } = itemOf(key)
  const { tab } = origin
  return { id, tab, reason: "duplicate", column: "Логин", origin, reported: false, ...about }
}

export const enteredEvent = (...quarantined: ReadonlyArray<Quarantined>): PoolEvent =>
  PoolEvent.cases.Loaded.make({ claim: "c", tab: "ВКонтакте", items: [], quarantined, at: 7 })

export const leftEvent = (...rows: ReadonlyArray<Quarantined>): PoolEvent =>
  PoolEvent.cases.QuarantineLeft.make({
    way: "drop",
    left: rows.map((row) => ({ row, item: null })),
    by: employee,
    at: 8,
  })

export const issuanceOf = (key: string, about: Partial<Issuance> = {}): Issuance => ({
  id: issuanceId(0),
  item: itemOf(key),
  request: RequestKey.make("1:1"),
  holder: employee,
  stage: "worker",
  region: "495",
  targets: [],
  issuedAt: 1,
  confirmAt: 2,
  delivery: "attempting",
  mark: null,
  row: null,
  replacementOf: null,
  replacedBy: null,
  replacementDeclined: false,
  generation: 0,
  ...about,
})

export const requestOf = (resource: string, by = employee, stage = "worker"): Request => ({
  key: RequestKey.make("1:1"),
  message: { chatId: 1, messageId: 1 },
  resource,
  variant: null,
  region: "495",
  targets: [],
  quantity: 1,
  by,
  stage,
  at: 1,
})

export const issuedEvent = (...issuances: ReadonlyArray<Issuance>): PoolEvent =>
  PoolEvent.cases.Issued.make({
    request: requestOf("vk", issuances[0]?.holder, issuances[0]?.stage),
    issuances,
    at: 1,
  })

export const issued = (pool: string, ...keys: ReadonlyArray<string>): Write =>
  happened(
    pool,
    issuedEvent(...keys.map((key, index) => issuanceOf(key, { id: issuanceId(index) }))),
  )

export const happened = (pool: string, ...all: ReadonlyArray<JournalEvent>): Write =>
  Write.cases.PoolEvents.make({ pool, events: all })

export const markOf = (status: string, at: number, by = employee, auto = false): Mark => ({
  status,
  at,
  by,
  auto,
})

/** A row from before the bot. */
export const imported = (id: string, about: Partial<Booked> = {}): Booked => ({
  id,
  resource: "vk",
  variant: null,
  region: "812",
  holder: null,
  stage: "former",
  key: `${id}@example.com`,
  day: null,
  issuedAt: 0,
  status: "approved",
  auto: false,
  markedAt: null,
  replacementOf: null,
  imported: true,
  ...about,
})

export const withdrawn = (pool: string, ...keys: ReadonlyArray<string>): Write =>
  Write.cases.PoolEvents.make({
    pool,
    events: [PoolEvent.cases.Withdrawn.make({ ids: [], keys, at: 1 })],
  })

export const intent = (spreadsheet: string, seq: number, token = `token-${seq}`): Intent => ({
  spreadsheet,
  seq,
  kind: "flush",
  token,
  body: { requests: [seq] },
  about: null,
  state: "open",
  openedAt: seq,
  settledAt: null,
})

/** A part of a snapshot that says which one it is. */
export const part = (pool: string, set: 0 | 1, number: number, through: number): Write =>
  Write.cases.SnapshotPart.make({ pool, set, number, through, state: { of: [number, through] } })

export const opened = (spreadsheet: string, seq: number, token?: string): Write =>
  Write.cases.IntentOpened.make({ intent: intent(spreadsheet, seq, token) })

export const settled = (spreadsheet: string, seq: number, at: number): Write =>
  Write.cases.IntentSettled.make({ spreadsheet, seq, state: "applied", at })

export const received = (updateId: number, body: unknown = { text: "hello" }): Write =>
  Write.cases.UpdateReceived.make({ updateId, userId: 7, body, at: 0 })

export const handled = (updateId: number, at: number): Write =>
  Write.cases.UpdateHandled.make({ updateId, at })

export const document = (key: string, body: unknown, kind = "draft"): Write =>
  Write.cases.DocumentPut.make({ kind, key, body })
