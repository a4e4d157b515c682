/** Whatever two people did: once the same one is forgotten, SQLite and Postgres tell the same. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, type Layer, Option, Schema } from "effect"
import { TelegramId } from "../../src/domain/Employee.ts"
import { RequestKey } from "../../src/domain/Issuance.ts"
import { PersonEvent, peoplePool } from "../../src/domain/PersonEvent.ts"
import { PoolEvent } from "../../src/domain/PoolEvent.ts"
import { ProxyId } from "../../src/domain/Proxy.ts"
import { ProxyEvent } from "../../src/domain/ProxyEvent.ts"
import { forgottenKind, Journal, Write } from "../../src/store/Journal.ts"
import {
  document,
  enteredEvent,
  happened,
  imported,
  intent,
  issuanceId,
  issuanceOf,
  markOf,
  quarantinedOf,
  requestOf,
} from "../contracts/journalFixtures.ts"
import { admin, ask, boris, nina } from "./forgettingStory.ts"
import { isPostgresHere, usePostgres } from "./postgresServer.ts"
import { journalIn, makeDirectory } from "./sqliteFixtures.ts"

const Step = Schema.Struct({
  op: Schema.Literals([
    "issue",
    "confirm",
    "comment",
    "transfer",
    "set aside",
    "rename",
    "reserve",
    "break",
    "import",
    "draft",
    "waiting",
    "note",
    "update",
    "intent",
    "snapshot",
    "part",
    "enter",
  ]),
  n: Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 3 })),
  who: Schema.Literals([nina, boris, admin]),
  /** The last one may be a name of both. */
  name: Schema.Literals(["Забывайло", 'Ни"на\\', "Тёзка"]),
})

/** What a step writes; `at` tells it from the other steps. */
const writeOf = ({ op, n, who, name }: typeof Step.Type, at: number): Write => {
  const id = issuanceId(n)
  const key = RequestKey.make(`${who}:${at}`)
  const request = { ...requestOf("vk", who, name), key, message: { chatId: who, messageId: at } }
  const said = `${name}: ${who}, не ${name}а`
  const proxy = ProxyId.make(`000000000${n}`)
  switch (op) {
    case "issue": {
      const about = { id, holder: who, stage: name, request: key, issuedAt: at }
      const issuances = [issuanceOf(`${n}@example.com`, about)]
      return happened("vk", PoolEvent.cases.Issued.make({ request, issuances, at }))
    }
    case "confirm": {
      const mark = { ...markOf("approved", at, who), comment: said }
      return happened("vk", PoolEvent.cases.Confirmed.make({ id, mark }))
    }
    case "comment":
      return happened("vk", PoolEvent.cases.Commented.make({ id, comment: said, by: who, at }))
    case "transfer": {
      const about = { request, confirmAt: at, by: admin, at, comment: said }
      return happened("vk", PoolEvent.cases.Transferred.make({ id, from: nina, ...about }))
    }
    case "set aside": {
      const row = quarantinedOf(String(n), { reason: "withheld", issuance: id })
      const about = { from: who, by: admin, at, comment: said, row }
      return happened("vk", PoolEvent.cases.SetAside.make({ id, ...about }))
    }
    case "rename": {
      const about = { person: who, from: `${name}-старая`, to: name, by: admin, at }
      return happened(peoplePool, PersonEvent.cases.NicknameChanged.make(about))
    }
    case "reserve": {
      const about = { proxy, generation: 1, targets: ["vk"] as const, by: who, stage: name }
      const reservation = { ...about, message: request.message, at, until: at + 9 }
      return happened("proxy", ProxyEvent.cases.ProxyReserved.make({ reservation }))
    }
    case "break": {
      const about = { proxy, generation: 1, at, by: who, stage: name, reason: said }
      return happened("proxy", ProxyEvent.cases.ProxyBroken.make(about))
    }
    case "import": {
      const row = imported(`row-${n}`, { holder: who, stage: name, comment: said, issuedAt: at })
      return Write.cases.BooksImported.make({ rows: [row] })
    }
    case "draft":
      return document(String(who), { wish: "mamba", id: who, stage: name })
    case "waiting":
      return document(`${who}:vk..${n}`, { by: who, at }, "waiting")
    case "note":
      return document(
        `N${n}`,
        { to: who, text: said, at, name, profile: { id: who, name } },
        "note",
      )
    case "update": {
      const body = { message: { from: { id: who, username: name } } }
      return Write.cases.UpdateReceived.make({ updateId: at, userId: who, body, at })
    }
    case "intent": {
      const body = { requests: [{ stringValue: name }, { stringValue: String(who) }] }
      const about = { marks: [{ by: who }] }
      return Write.cases.IntentOpened.make({ intent: { ...intent("sheet", at), body, about } })
    }
    case "snapshot": {
      const state = { requests: [{ request, ids: [] }], live: [{ holder: who, stage: name }] }
      return Write.cases.SnapshotTaken.make({ pool: "vk", through: 0, state })
    }
    case "part":
      return Write.cases.SnapshotPart.make({
        pool: "vk",
        set: 0,
        number: n,
        through: at,
        state: { requests: [key], holder: who },
      })
    case "enter":
      return happened("vk", enteredEvent(quarantinedOf(String(n), { tab: name })))
  }
}

/** What happens to all that is left goes on under the number that stands there instead. */
const afterwards: ReadonlyArray<Write> = [0, 1, 2, 3].flatMap((n) => [
  writeOf({ op: "break", n, who: boris, name: "Тёзка" }, 100 + n),
  writeOf({ op: "confirm", n, who: boris, name: "Тёзка" }, 100 + n),
  writeOf({ op: "note", n, who: boris, name: "Тёзка" }, 100 + n),
])

const everythingIn = Effect.fnUntraced(function* (journal: Journal["Service"]) {
  const [report] = yield* journal.documents(forgottenKind)
  const forgotten = TelegramId.make(Number(report?.key))
  const all = {
    restored: yield* Effect.forEach(["vk", "proxy", peoplePool], (pool) =>
      Effect.map(journal.restore(pool), ({ snapshot, events }) => [
        Option.getOrNull(snapshot),
        events,
      ]),
    ),
    parts: yield* journal.snapshotParts("vk", 0),
    intents: yield* journal.intents("sheet", 99),
    unhandled: yield* journal.unhandled({ limit: 99 }),
    documents: yield* Effect.forEach(
      ["draft", "waiting", "note", "forget", forgottenKind],
      (kind) => Effect.map(journal.documents(kind), (found) => [kind, found]),
    ),
    books: yield* journal.booked({}, { limit: 99 }),
    holders: yield* journal.holders,
    tally: (yield* journal.tally({})).map((each) => JSON.stringify(each)).toSorted(),
    trail: (yield* journal.trail({ limit: 99 })).map(({ seq, event }) => [seq, event]),
    people: yield* Effect.forEach([nina, boris, admin, forgotten], (person) =>
      Effect.map(journal.trail({ person, limit: 99 }), (found) => found.map(({ seq }) => seq)),
    ),
    quarantined: yield* journal.quarantined({ pool: "vk" }, { limit: 99, skip: 0 }),
  }
  // Each journal draws a number of its own.
  return JSON.stringify(all, null, 1).replaceAll(String(forgotten), "somebody")
})

describe.skipIf(!isPostgresHere)("The journals of SQLite and Postgres", () => {
  const postgres = usePostgres()
  let bots = 0

  it.effect.prop(
    "agree on every reading after the same person was forgotten in both",
    { script: Schema.Array(Step).check(Schema.isMinLength(5), Schema.isMaxLength(30)) },
    ({ script }) =>
      Effect.gen(function* () {
        const run = <E>(journal: Layer.Layer<Journal, E>) =>
          Effect.gen(function* () {
            yield* Effect.flatMap(Journal, ({ write }) =>
              Effect.forEach(script, (step, index) => write([writeOf(step, index + 1)])),
            ).pipe(Effect.andThen(ask), Effect.provide(journal))
            return yield* Effect.flatMap(Journal, (opened) =>
              Effect.andThen(opened.write(afterwards), everythingIn(opened)),
            ).pipe(Effect.provide(journal))
          })
        const inSqlite = yield* run(journalIn(yield* makeDirectory))
        const inPostgres = yield* run(postgres.journal(`bot ${(bots += 1)}`))
        assert.strictEqual(inPostgres, inSqlite)
        assert.notInclude(inPostgres, String(nina))
      }).pipe(Effect.scoped),
    { arbitrary: { runs: 40 } },
  )
})
