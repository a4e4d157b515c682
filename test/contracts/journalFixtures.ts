/** Writes for tests of the journal, told apart by a number. */
import { IssuanceId, type Issuance, RequestKey } from "../../src/domain/Issuance.ts"
import { ItemId, type Item } from "../../src/domain/Item.ts"
import { TelegramId } from "../../src/domain/Employee.ts"
import { PoolEvent } from "../../src/domain/PoolEvent.ts"
import { type Intent, type JournalEvent, Write } from "../../src/store/Journal.ts"

export const issuanceId = (n: number) => IssuanceId.make(String(n).padStart(10, "0"))

/** An event that says nothing but its number. */
export const declined = (n: number): PoolEvent =>
  PoolEvent.cases.ReplacementDeclined.make({ id: issuanceId(n), at: n })

export const events = (pool: string, ...numbers: ReadonlyArray<number>): Write =>
  Write.cases.PoolEvents.make({ pool, events: numbers.map(declined) })

export const numberOf = (event: JournalEvent): number =>
  event._tag === "ReplacementDeclined" ? event.at : -1

const employee = TelegramId.make(79_000_001)

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

export const issued = (pool: string, ...keys: ReadonlyArray<string>): Write => {
  const request = RequestKey.make("1:1")
  const issuances = keys.map((key, index): Issuance => ({
    id: issuanceId(index),
    item: itemOf(key),
    request,
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
  }))
  const asked = {
    key: request,
    message: { chatId: 1, messageId: 1 },
    resource: "vk",
    variant: null,
    region: "495",
    targets: [],
    quantity: keys.length,
    by: employee,
    stage: "worker",
    at: 1,
  }
  return Write.cases.PoolEvents.make({
    pool,
    events: [PoolEvent.cases.Issued.make({ request: asked, issuances, at: 1 })],
  })
}

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
