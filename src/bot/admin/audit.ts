/** /audit: what happened, by the journal: to everything, to a person, or to an issuance. */
import { Clock, Effect, Option, Schema } from "effect"
import { Settings } from "../../config/Settings.ts"
import type { TelegramId } from "../../domain/Employee.ts"
import { IssuanceId } from "../../domain/Issuance.ts"
import { Pools } from "../../pool/Pools.ts"
import { Proxies } from "../../pool/proxies/Proxies.ts"
import { Journal, type JournalDamaged, type TrailQuery } from "../../store/Journal.ts"
import type { ActionOf } from "../Callback.ts"
import { Wording } from "../Languages.ts"
import type { Press, Replies } from "../Replies.ts"
import { cut, notice } from "../screens/parts.ts"
import type { Area, Asked } from "./Area.ts"
import { auditScreen, eventsOnPage, type Subject } from "./auditScreen.ts"
import { echoMax, namesOf } from "./blockScreens.ts"
import { idIn, matching } from "./peopleNames.ts"
import { nameOf, type Person } from "./peopleParts.ts"
import * as PeopleRoster from "./peopleRoster.ts"

export const make = Effect.fnUntraced(function* (replies: Replies) {
  const journal = yield* Journal
  const pools = yield* Pools
  const proxies = yield* Proxies
  const roster = yield* PeopleRoster.make
  const { timezone: zone } = yield* Settings
  const texts = yield* Wording
  const words = texts.audit
  const resources = [...pools.resources, ...Option.toArray(proxies.resource)]

  const draw = Effect.fnUntraced(function* (subject: Subject, before: number) {
    const records = yield* journal.trail({
      ...queryOf(subject),
      ...(before > 0 && { before }),
      limit: eventsOnPage + 1,
    })
    const named = namedBy(yield* roster.all)
    const scenery = { now: yield* Clock.currentTimeMillis, zone, texts }
    return auditScreen({ subject, before, records, resources, nameOf: named }, scenery)
  })

  const hasEvents = (subject: Subject) =>
    Effect.map(journal.trail({ ...queryOf(subject), limit: 1 }), (found) => found.length > 0)

  /** Ten digits may be either: a person unless only an issuance has left a trail. */
  const byNumber = Effect.fnUntraced(function* (person: TelegramId, argument: string) {
    const subject: Subject = { _tag: "Person", person }
    const issuance = decodeIssuance(argument)
    if (Option.isNone(issuance) || (yield* hasEvents(subject))) return subject
    const other: Subject = { _tag: "Issuance", issuance: issuance.value }
    return (yield* hasEvents(other)) ? other : subject
  })

  /** Whose journal is asked for, or what to say instead. */
  const subjectOf = Effect.fnUntraced(function* (argument: string) {
    if (argument === "") return all
    const id = idIn(argument)
    if (id !== undefined) return yield* byNumber(id, argument)
    const [person, ...others] = matching(yield* roster.all, argument)
    const name = cut(argument, echoMax)
    if (person !== undefined && others.length > 0) {
      return texts.blocks.several(name, namesOf([person, ...others]))
    }
    if (person !== undefined) return { _tag: "Person", person: person.id } satisfies Subject
    return Option.match(decodeIssuance(argument.toUpperCase()), {
      onNone: () => words.unknown(name),
      onSome: (issuance): Subject => ({ _tag: "Issuance", issuance }),
    })
  })

  const open = Effect.fn("audit.open")(
    function* ({ chatId, argument }: Asked) {
      const subject = yield* subjectOf(argument)
      yield* replies.say(
        chatId,
        typeof subject === "string" ? notice(subject, texts) : yield* draw(subject, 0),
      )
    },
    (work, { chatId }) =>
      Effect.catchTag(work, "JournalDamaged", (error) =>
        Effect.andThen(log(error), replies.say(chatId, notice(words.damaged, texts))),
      ),
  )

  const turn = Effect.fn("audit.turn")(
    function* (press: Press, subject: Subject, before: number) {
      const screen = yield* draw(subject, before)
      yield* press.answer()
      yield* replies.turnTo(press.message, screen)
    },
    (work, press) =>
      Effect.catchTag(work, "JournalDamaged", (error) =>
        Effect.andThen(log(error), press.alert(words.damaged)),
      ),
  )

  const area: Area = {
    commands: { audit: open },
    buttons: {
      Audit: (press, { before }: ActionOf<"Audit">) => turn(press, all, before),
      AuditPerson: (press, { person, before }) => turn(press, { _tag: "Person", person }, before),
      AuditIssuance: (press, { issuance, before }) =>
        turn(press, { _tag: "Issuance", issuance }, before),
    },
  }
  return area
})

const all: Subject = { _tag: "All" }

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

/** Who is on no list any more is known by the id alone. */
const namedBy = (people: ReadonlyArray<Person>) => {
  const known = new Map(people.map((person) => [person.id, nameOf(person)]))
  return (id: TelegramId) => known.get(id) ?? `ID ${id}`
}

const log = ({ message }: JournalDamaged) =>
  Effect.logError("the journal cannot be shown").pipe(Effect.annotateLogs({ problem: message }))
