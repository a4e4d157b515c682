/** The company that the demo plays: which it is, and its samples in the emulated world. */
import { Clock, Context, DateTime, Effect, Layer, Option, Ref, Schema } from "effect"
import { dayOf } from "../domain/Day.ts"
import { companies, companyNamed, seedsOf } from "./companies.ts"
import type { SampleCompany } from "./companies/SampleCompany.ts"
import { Workbooks } from "./spreadsheets/Workbooks.ts"
import { Chats } from "./telegram/Chats.ts"
import { World } from "./World.ts"

export class Company extends Context.Service<
  Company,
  {
    readonly current: Effect.Effect<SampleCompany>
    /** Forgets all chats and spreadsheets and starts with the samples of that company. */
    restore(company: SampleCompany): Effect.Effect<void>
  }
>()("account-bot/playground/Company") {
  /**
   * Adds what is missing: a world that was saved keeps its company, its spreadsheets and people.
   * `wanted` is the company of a world that has none yet.
   */
  static readonly layer = (wanted: Option.Option<SampleCompany>) =>
    Layer.effect(
      Company,
      Effect.gen(function* () {
        const chats = yield* Chats
        const workbooks = yield* Workbooks
        const world = yield* World
        const first = Option.getOrElse(wanted, () => companies[0])
        const current = yield* Ref.make(Option.getOrElse(yield* savedCompany, () => first))

        const settle = Effect.gen(function* () {
          const company = yield* Ref.get(current)
          yield* world.save("company", { id: company.id })
          const known = new Set((yield* chats.users).map(({ id }) => id))
          const missing = company.people.filter(({ id }) => !known.has(id))
          yield* Effect.forEach(missing, (person) => chats.addUser(person), { discard: true })
          const zone = DateTime.zoneMakeNamedUnsafe(company.timezone)
          const today = dayOf(yield* Clock.currentTimeMillis, zone)
          yield* Effect.forEach(
            seedsOf(company, today),
            ({ id, seed }) => workbooks.create(id, seed),
            { discard: true },
          )
        })

        yield* settle
        return Company.of({
          current: Ref.get(current),
          restore: (company) =>
            chats.clear.pipe(
              Effect.andThen(workbooks.clear),
              Effect.andThen(Ref.set(current, company)),
              Effect.andThen(settle),
            ),
        })
      }),
    )
}

const Saved = Schema.Struct({ id: Schema.String })

/** The company of a world that was saved; none in a fresh one. */
export const savedCompany: Effect.Effect<Option.Option<SampleCompany>, never, World> = Effect.gen(
  function* () {
    const saved = yield* (yield* World).load("company")
    if (Option.isNone(saved)) return Option.none()
    const { id } = yield* Effect.orDie(Schema.decodeUnknownEffect(Saved)(saved.value))
    return Option.fromUndefinedOr(companyNamed(id))
  },
)
