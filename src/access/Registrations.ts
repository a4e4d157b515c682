/**
 * What is kept of the people who came to be let in: documents of the journal, copied in memory.
 *
 * Not a service: Applications is its only user, and lets in one change at a time.
 */
import { Clock, Effect, Ref, Schema } from "effect"
import { type Application, idOf, Registration } from "../domain/Application.ts"
import type { TelegramId } from "../domain/Employee.ts"
import {
  type Journal,
  JournalDamaged,
  type StorageUnavailable,
  type Write,
} from "../store/Journal.ts"
import type { FileDamaged, FileUnwritable } from "../store/JsonFile.ts"
import type { Whitelist } from "./Whitelist.ts"

export interface Registrations {
  readonly find: (id: TelegramId) => Effect.Effect<Registration | undefined>
  readonly all: Effect.Effect<ReadonlyArray<Registration>>
  readonly save: (
    ...changed: ReadonlyArray<Registration>
  ) => Effect.Effect<void, StorageUnavailable>
  readonly drop: (ids: ReadonlyArray<TelegramId>) => Effect.Effect<void, StorageUnavailable>
  readonly open: (id: TelegramId, stage: string) => Effect.Effect<Application, StorageUnavailable>
  /** Brings the whitelist to what was decided, if it is not there yet. */
  readonly settle: (
    registration: Registration | undefined,
  ) => Effect.Effect<void, StorageUnavailable | FileDamaged | FileUnwritable>
}

/** Settles what a crash left unsettled. */
export const make = Effect.fnUntraced(function* (
  journal: Journal["Service"],
  whitelist: Whitelist["Service"],
) {
  const state = yield* Ref.make(yield* load(journal))

  const save: Registrations["save"] = Effect.fnUntraced(function* (...changed) {
    yield* journal.write(changed.map(toDocument))
    yield* Ref.update(
      state,
      (before) => new Map([...before, ...changed.map((each) => [idOf(each), each] as const)]),
    )
  })

  const drop: Registrations["drop"] = Effect.fnUntraced(function* (ids) {
    yield* journal.write(
      ids.map((id) => ({ _tag: "DocumentRemoved", kind, key: String(id) }) as const),
    )
    yield* Ref.update(state, (before) => new Map([...before].filter(([id]) => !ids.includes(id))))
  })

  const open: Registrations["open"] = Effect.fnUntraced(function* (id, stage) {
    const application: Application = {
      id,
      stage,
      openedAt: yield* Clock.currentTimeMillis,
      remindedAt: null,
      cards: [],
      decision: null,
    }
    yield* save({ _tag: "Applied", application, settled: false, announced: false })
    return application
  })

  const settle: Registrations["settle"] = Effect.fnUntraced(function* (registration) {
    if (registration?._tag !== "Applied" || registration.settled) return
    const { id, stage, decision } = registration.application
    if (decision === null) return
    yield* decision.verdict === "approve"
      ? whitelist.put(id, { stage, isApproved: true })
      : whitelist.remove(id)
    yield* save({ ...registration, settled: true })
  })

  yield* Effect.forEach((yield* Ref.get(state)).values(), settle, { discard: true })

  const self: Registrations = {
    find: (id) => Effect.map(Ref.get(state), (all) => all.get(id)),
    all: Effect.map(Ref.get(state), (all) => [...all.values()]),
    save,
    drop,
    open,
    settle,
  }
  return self
})

const kind = "application"
const decode = Schema.decodeUnknownEffect(Registration)

const load = Effect.fnUntraced(function* (journal: Journal["Service"]) {
  const documents = yield* journal.documents(kind)
  const entries = yield* Effect.forEach(documents, ({ key, body }) =>
    decode(body).pipe(
      Effect.map((registration) => [idOf(registration), registration] as const),
      Effect.mapError(
        ({ message }) =>
          new JournalDamaged({ table: "document", record: `${kind} ${key}`, problem: message }),
      ),
    ),
  )
  return new Map<TelegramId, Registration>(entries)
})

const toDocument = (registration: Registration): Write => ({
  _tag: "DocumentPut",
  kind,
  key: String(idOf(registration)),
  body: registration,
})
