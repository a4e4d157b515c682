/** A person is forgotten at a start: in the journal, in its copies, and nowhere else. */
import * as Fs from "node:fs"
import * as Path from "node:path"
import * as NodeServices from "@effect/platform-node/NodeServices"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Exit, Layer } from "effect"
import { inspect } from "../../src/cli/copies/inspect.ts"
import { Settings } from "../../src/config/Settings.ts"
import { type Request, RequestKey } from "../../src/domain/Issuance.ts"
import { TelegramId } from "../../src/domain/Employee.ts"
import { PersonEvent, peoplePool } from "../../src/domain/PersonEvent.ts"
import { PoolEvent } from "../../src/domain/PoolEvent.ts"
import { copyStoppedJournal, makeCopy } from "../../src/store/copies.ts"
import { forgetKind, forgottenKind, Journal, type Write } from "../../src/store/Journal.ts"
import { unpacked } from "../../src/store/SqliteDatabase.ts"
import {
  document,
  happened,
  intent,
  issuanceId,
  issuanceOf,
  markOf,
  requestOf,
} from "../contracts/journalFixtures.ts"
import {
  databaseIn,
  journalIn,
  keyOf,
  makeDirectory,
  makeFormer,
  opening,
  packingIn,
  spoil,
  spoiledIn,
  withKeys,
} from "./sqliteFixtures.ts"

const nina = TelegramId.make(7_900_017_123)
const boris = TelegramId.make(7_900_018_456)
const admin = TelegramId.make(7_900_019_789)
/** What a search must not find any more. */
const traces = [String(nina), "Забывайло", "nina_example"]

const requestIn = (n: number, by: TelegramId, stage: string): Request => ({
  ...requestOf("vk", by, stage),
  key: RequestKey.make(`${by}:${n}`),
  message: { chatId: by, messageId: n },
})

const emptySnapshot = { version: 1, nextOrder: 0, available: [], live: [], claims: [] }

const update = (updateId: number): Write => ({
  _tag: "UpdateReceived",
  updateId,
  userId: nina,
  body: { message: { from: { id: nina, username: "nina_example" } } },
  at: 5,
})

const issue = (n: number, holder: TelegramId, stage: string) => {
  const request = requestIn(n, holder, stage)
  const issuance = issuanceOf(`${n}@example.com`, {
    id: issuanceId(n),
    holder,
    stage,
    request: request.key,
    issuedAt: n,
  })
  const mark = { ...markOf("approved", n + 1, holder), comment: `${stage} просит не трогать` }
  const { item } = issuance
  const loaded = { claim: `claim-${n}`, tab: "ВКонтакте", items: [item], quarantined: [], at: n }
  return [
    PoolEvent.cases.Loaded.make(loaded),
    PoolEvent.cases.Issued.make({ request, issuances: [issuance], at: n }),
    PoolEvent.cases.Confirmed.make({ id: issuance.id, mark }),
    PoolEvent.cases.Written.make({ rows: [{ id: issuance.id, mark }], at: n + 2 }),
  ]
}

/** What two people did, a third of whom nothing is known but a name that is alike. */
const history = Effect.gen(function* () {
  const journal = yield* Journal
  for (let n = 10; n < 40; n += 1) {
    const [who, stage] =
      n % 3 === 0 ? ([nina, "Забывайло"] as const) : ([boris, "Забывайлов"] as const)
    yield* journal.write([happened("vk", ...issue(n, who, stage))])
  }
  yield* journal.write([
    happened(
      peoplePool,
      PersonEvent.cases.NicknameChanged.make({
        person: nina,
        from: "Забывайло-старая",
        to: "Забывайло",
        by: admin,
        at: 50,
      }),
    ),
    document(String(nina), { wish: "mamba" }, "typed-order"),
    document(`${nina}:vk..495.`, { by: nina, at: 3 }, "waiting"),
    document("N1", { to: boris, text: "<b>Забывайло</b> предлагает вам номер", at: 3 }, "note"),
    document(
      String(nina),
      {
        _tag: "Applied",
        settled: true,
        announced: true,
        application: {
          id: nina,
          stage: "Забывайло",
          openedAt: 1,
          remindedAt: null,
          cards: [],
          profile: { firstName: "Нина", name: "Нина Забывайло", username: "nina_example" },
          decision: { verdict: "approve", by: admin, at: 2 },
        },
      },
      "application",
    ),
    document("e1", { edit: { stage: "Забывайло", issuance: "x" }, foundAt: 3 }, "handEdit"),
    {
      _tag: "SnapshotTaken",
      pool: "ok",
      through: 20,
      state: {
        ...emptySnapshot,
        requests: [{ request: requestIn(12, nina, "Забывайло"), ids: [] }],
      },
    },
    {
      _tag: "IntentOpened",
      intent: {
        ...intent("sheet", 1),
        body: {
          requests: [{ updateCells: { stringValue: "Забывайло" } }, { stringValue: String(nina) }],
        },
        about: { marks: [{ by: nina }] },
      },
    },
    update(1),
    update(2),
    { _tag: "UpdateHandled", updateId: 1, at: 6 },
  ])
})

const orderToForget = (id: TelegramId) => document(String(id), { by: admin, at: 60 }, forgetKind)

const ask = Effect.flatMap(Journal, (journal) => journal.write([orderToForget(nina)]))

const packAll = Effect.flatMap(Journal, (journal) => journal.prune(Infinity))

const copyOf = (directory: string, name: string) =>
  makeCopy({
    dataDir: directory,
    to: Path.join(directory, name),
    copyJournal: copyStoppedJournal(directory),
  }).pipe(Effect.provide(NodeServices.layer))

/** Which of the traces stand in the bytes of the files, blocks unpacked. */
const found = (directory: string): ReadonlyArray<string> => {
  const files = Fs.readdirSync(directory, { recursive: true, withFileTypes: true }).filter(
    (entry) => entry.isFile(),
  )
  const raw = files.map(({ parentPath, name }) => Fs.readFileSync(Path.join(parentPath, name)))
  const blocks = files
    .filter(({ name }) => name === "journal.db")
    .flatMap(({ parentPath }) => {
      const database = databaseIn(parentPath)
      const rows = database.prepare("SELECT body FROM event_block").all()
      database.close()
      return rows.map(({ body }) => Buffer.from(unpacked(body)))
    })
  return traces.filter((trace) => [...raw, ...blocks].some((bytes) => holds(bytes, trace)))
}

/** Whether a word stands there: the longer name of somebody else does not count. */
const holds = (bytes: Buffer, trace: string) =>
  new RegExp(`(?<!\\p{L})${trace}(?!\\p{L})`, "u").test(bytes.toString("utf8"))

const faults = (directory: string) =>
  Effect.gen(function* () {
    const seen = yield* inspect(directory, yield* makeDirectory)
    return [...seen.inJournal, ...seen.inFiles]
  }).pipe(
    Effect.provide(Layer.merge(NodeServices.layer, Settings.layerTest({ dataDir: directory }))),
  )

const counts = Effect.gen(function* () {
  const journal = yield* Journal
  const of = (holder?: TelegramId) =>
    Effect.map(journal.booked({ ...(holder !== undefined && { holder }) }, { limit: 100 }), (all) =>
      all.map(({ id, key, status }) => [id, key, status] as const),
    )
  return {
    all: yield* of(),
    boris: yield* of(boris),
    nina: (yield* of(nina)).length,
    tally: (yield* journal.tally({ resource: "vk" })).reduce((sum, { count }) => sum + count, 0),
    trail: (yield* journal.trail({ person: boris, limit: 200 })).length,
    ofNina: (yield* journal.trail({ person: nina, limit: 200 })).length,
    unhandled: (yield* journal.unhandled({ limit: 10 })).length,
  }
})

const reports = Effect.flatMap(Journal, (journal) =>
  Effect.map(journal.documents(forgottenKind), (all) => all.map(({ body }) => body)),
)

/** A directory with that history, a part of it packed, and a copy of it from before. */
const preparedWith = Effect.fnUntraced(function* (more: Partial<Settings["Service"]>) {
  const directory = yield* makeDirectory
  yield* Effect.provide(history, journalIn(directory, more))
  yield* Effect.provide(packAll, packingIn(directory, 3_000, more))
  const roster = { [nina]: { stage: "Забывайло", is_approved: true } }
  Fs.writeFileSync(Path.join(directory, "whitelist.json"), JSON.stringify(roster))
  yield* copyOf(directory, "earlier")
  Fs.writeFileSync(Path.join(directory, "whitelist.json"), "{}")
  const before = yield* Effect.provide(counts, journalIn(directory, more))
  yield* Effect.provide(ask, journalIn(directory, more))
  return { directory, before }
})

const prepared = preparedWith({})

describe("A person who is to be forgotten", () => {
  it.effect("is found no more at the next start, in no file and in no copy", () =>
    Effect.gen(function* () {
      const { directory, before } = yield* prepared
      assert.deepStrictEqual(found(directory), traces)
      assert.isAbove(before.nina, 5)
      const after = yield* Effect.provide(counts, journalIn(directory))
      assert.deepStrictEqual(found(directory), [])
      assert.deepStrictEqual(after, { ...before, nina: 0, ofNina: 0, unhandled: 0 })
      assert.deepStrictEqual(yield* faults(directory), [])
      assert.deepStrictEqual(yield* faults(Path.join(directory, "earlier")), [])
    }),
  )

  it.effect("leaves a report that says nothing of who it was", () =>
    Effect.gen(function* () {
      const { directory } = yield* prepared
      const [report, ...others] = yield* Effect.provide(reports, journalIn(directory))
      assert.deepStrictEqual(others, [])
      assert.deepInclude(report, { by: admin, issuances: 10, copies: 1, left: [] })
    }),
  )

  it.effect("is forgotten by a later start where one was cut off, wherever that was", () =>
    Effect.gen(function* () {
      for (const statement of ["BEGIN IMMEDIATE", "COMMIT", "PRAGMA wal_checkpoint(TRUNCATE)"]) {
        const { directory, before } = yield* prepared
        let seen = 0
        const cutOff = spoiledIn(directory, (database) =>
          spoil(database, (sql) => {
            if (sql !== statement) return
            seen += 1
            // The first transaction is that of the start itself.
            if (seen === (statement.startsWith("PRAGMA") ? 1 : 2)) throw new Error("cut off")
          }),
        )
        assert.isTrue(
          Exit.isFailure(yield* Effect.exit(Effect.provide(Effect.asVoid(Journal), cutOff))),
        )
        const after = yield* Effect.provide(counts, journalIn(directory))
        assert.deepStrictEqual(after.all, before.all, statement)
        assert.deepStrictEqual(found(directory), [], statement)
      }
    }),
  )

  it.effect("is not forgotten with access, which may have been given back since", () =>
    Effect.gen(function* () {
      const { directory, before } = yield* prepared
      const roster = { [nina]: { stage: "Забывайло", is_approved: true } }
      Fs.writeFileSync(Path.join(directory, "whitelist.json"), JSON.stringify(roster))
      assert.deepStrictEqual(yield* Effect.provide(counts, journalIn(directory)), before)
      // The order is gone too: it does not wait for the day on which the access ends again.
      Fs.writeFileSync(Path.join(directory, "whitelist.json"), "{}")
      assert.deepStrictEqual(yield* Effect.provide(counts, journalIn(directory)), before)
    }),
  )

  it.effect("stays in a copy of a former version, which the report names", () =>
    Effect.gen(function* () {
      const { directory } = yield* prepared
      const old = Path.join(directory, "before-schema-2")
      Fs.mkdirSync(old)
      makeFormer(old, [])
      const [report] = yield* Effect.provide(reports, journalIn(directory))
      assert.deepInclude(report, { copies: 1, left: [old] })
    }),
  )

  it.effect("is found no more in a sealed journal and its copies, once they are opened", () =>
    Effect.gen(function* () {
      const { directory, before } = yield* preparedWith(withKeys(keyOf(1)))
      // By its start the journal gets another key. The copy keeps its own.
      const keys = withKeys(keyOf(2), keyOf(1))
      const after = yield* Effect.provide(counts, journalIn(directory, keys))
      assert.deepStrictEqual(after, { ...before, nina: 0, ofNina: 0, unhandled: 0 })
      const [report] = yield* Effect.provide(reports, journalIn(directory, keys))
      assert.deepInclude(report, { by: admin, issuances: 10, copies: 1, left: [] })
      const copy = Path.join(directory, "earlier")
      yield* opening(directory, withKeys("none", keyOf(2)))
      yield* opening(copy, withKeys("none", keyOf(1)))
      assert.deepStrictEqual(found(directory), [])
      assert.deepStrictEqual(yield* faults(directory), [])
      assert.deepStrictEqual(yield* faults(copy), [])
    }),
  )

  it.effect("stays in a copy that no key at hand opens, which the report names", () =>
    Effect.gen(function* () {
      const { directory } = yield* preparedWith(withKeys(keyOf(1)))
      const copy = Path.join(directory, "earlier")
      yield* opening(copy, withKeys(keyOf(3), keyOf(1)))
      const [report] = yield* Effect.provide(reports, journalIn(directory, withKeys(keyOf(1))))
      assert.deepInclude(report, { issuances: 10, copies: 0, left: [copy] })
    }),
  )
})
