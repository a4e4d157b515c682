/** What two people did, of whom one is to be forgotten: told to every journal alike. */
import { Effect } from "effect"
import { TelegramId } from "../../src/domain/Employee.ts"
import { type Request, RequestKey } from "../../src/domain/Issuance.ts"
import { PersonEvent, peoplePool } from "../../src/domain/PersonEvent.ts"
import { PoolEvent } from "../../src/domain/PoolEvent.ts"
import { forgetKind, forgottenKind, Journal, type Write } from "../../src/store/Journal.ts"
import {
  document,
  happened,
  intent,
  issuanceId,
  issuanceOf,
  markOf,
  requestOf,
} from "../contracts/journalFixtures.ts"

export const nina = TelegramId.make(7_900_017_123)
export const boris = TelegramId.make(7_900_018_456)
export const admin = TelegramId.make(7_900_019_789)
/** What a search must not find any more. */
export const traces = [String(nina), "Забывайло", "nina_example"]

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
export const history = Effect.gen(function* () {
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

export const ask = Effect.flatMap(Journal, (journal) =>
  journal.write([document(String(nina), { by: admin, at: 60 }, forgetKind)]),
)

/** Whether it stands there: the name of the other person, which is longer by a letter, does not count. */
export const holds = (bytes: Buffer, trace: string) =>
  new RegExp(`${trace}(?!в)`, "u").test(bytes.toString("utf8"))

export const counts = Effect.gen(function* () {
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

export const reports = Effect.flatMap(Journal, (journal) =>
  Effect.map(journal.documents(forgottenKind), (all) => all.map(({ body }) => body)),
)
