/**
 * /export: issuances of the books as a file, chosen with buttons or by text.
 *
 * Nothing changes by it. Asked for twice it comes twice, and one is made at a time, so that many
 * of them do not fill the memory.
 */
import { Clock, Effect, Fiber } from "effect"
import { exportDaysMax, exportPatience } from "../../config/Limits.ts"
import { Settings } from "../../config/Settings.ts"
import type { TelegramId } from "../../domain/Employee.ts"
import { Pools } from "../../pool/Pools.ts"
import { csvLine, issuanceFile, separatorOf } from "../../stats/csv.ts"
import { lastDays } from "../../stats/Statistics.ts"
import { Journal } from "../../store/Journal.ts"
import type { ActionOf } from "../Callback.ts"
import { Wording } from "../Languages.ts"
import type { Press, Replies } from "../Replies.ts"
import type { Screen } from "../Screen.ts"
import { cut } from "../screens/parts.ts"
import { sendFile, Telegram } from "../Telegram.ts"
import { AdminTurns } from "./AdminTurns.ts"
import type { Area, Asked } from "./Area.ts"
import * as Places from "./exportPlaces.ts"
import { type ExportRequest, understand } from "./exportRequest.ts"
import {
  type Asking,
  exportCaption,
  nothingText,
  periodsScreen,
  resourcesScreen,
} from "./exportScreens.ts"
import { exportHead, exportRow } from "./exportTable.ts"
import { nameOf } from "./peopleParts.ts"
import * as PeopleRoster from "./peopleRoster.ts"

export const make = Effect.fnUntraced(function* (
  replies: Replies,
  stale: (press: Press) => Effect.Effect<void>,
) {
  const { resources } = yield* Pools
  const journal = yield* Journal
  const telegram = yield* Telegram
  const roster = yield* PeopleRoster.make
  const { timezone: zone } = yield* Settings
  const texts = yield* Wording
  const words = texts.exports
  const places = Places.make(replies, telegram, texts)
  const turns = yield* AdminTurns

  const asking = Effect.fnUntraced(function* (request: ExportRequest) {
    const { days, holder } = request
    const now = yield* Clock.currentTimeMillis
    const person = holder === null ? undefined : yield* roster.find(holder)
    return {
      request,
      span: days === null ? undefined : lastDays(days, now, zone),
      name: holder === null ? undefined : person === undefined ? `ID ${holder}` : nameOf(person),
    }
  })

  /** What there is to say instead of a file; `undefined`: it is in the chat. */
  const attempt = Effect.fnUntraced(function* (
    admin: TelegramId,
    chatId: number,
    request: ExportRequest,
  ) {
    const asked = yield* asking(request)
    const { resource, holder } = request
    const query = {
      ...(resource === null ? {} : { resource: resource.id }),
      ...(holder === null ? {} : { holder }),
      ...(asked.span === undefined ? {} : { from: asked.span.from, to: asked.span.to }),
    }
    const separator = separatorOf(texts.language)
    const file = yield* issuanceFile(journal, query, csvLine(exportHead(texts), separator), (row) =>
      csvLine(exportRow(row, resources, zone, texts), separator),
    )
    if (file.rows === 0) return nothingText(asked, texts)
    const now = yield* Clock.currentTimeMillis
    const document = { name: fileName(asked), bytes: file.bytes }
    const caption = exportCaption(asked, file, { now, zone, texts })
    const failure = yield* sendFile(telegram, chatId, document, caption, texts)
    yield* Effect.logInfo("issuances exported").pipe(
      Effect.annotateLogs({
        admin,
        resource: resource?.id ?? "all",
        days: request.days ?? "all",
        holder: holder ?? "all",
        rows: file.rows,
        isSent: failure === undefined,
      }),
    )
    return failure
  }, turns.files.withPermit)

  const deliver = Effect.fnUntraced(function* (
    admin: TelegramId,
    request: ExportRequest,
    place: Places.Place,
  ) {
    // Once begun it ends, so that nothing is drawn over by what came before it.
    const slow = yield* Effect.uninterruptible(place.making).pipe(
      Effect.delay(exportPatience),
      Effect.forkChild,
    )
    const failure = yield* attempt(admin, place.chatId, request).pipe(
      Effect.catchTag("StorageUnavailable", () => Effect.succeed(words.unavailable)),
      Effect.ensuring(Fiber.interrupt(slow)),
    )
    yield* failure === undefined ? place.sent : place.say(failure)
  })

  const commanded = Effect.fn("exports.commanded")(function* ({ userId, chatId, argument }: Asked) {
    if (argument === "") return yield* replies.say(chatId, resourcesScreen(resources, 0, texts))
    const understood = understand(argument, { resources, people: yield* roster.all })
    const place = places.below(chatId)
    switch (understood._tag) {
      case "Unclear":
        return yield* place.say(words.unclear(cut(understood.text, 60)))
      case "TooManyDays":
        return yield* place.say(words.tooManyDays(exportDaysMax))
      case "Namesakes":
        return yield* place.say(words.namesakes(cut(understood.people.map(nameOf).join(", "), 700)))
      case "Request":
        return yield* deliver(userId, understood.request, place)
    }
  })

  const turnTo = (press: Press, screen: Screen) =>
    Effect.andThen(press.answer(), replies.turnTo(press.message, screen))

  /** `undefined`: the catalogue has no such resource. */
  const resourceNamed = (id: string | null) =>
    id === null ? null : resources.find((each) => each.id === id)

  const period = Effect.fn("exports.period")(function* (
    press: Press,
    { resource: id }: ActionOf<"ExportOf">,
  ) {
    const resource = resourceNamed(id)
    return yield* resource === undefined
      ? stale(press)
      : turnTo(press, periodsScreen(resource, texts))
  })

  const file = Effect.fn("exports.file")(function* (
    press: Press,
    { resource: id, days }: ActionOf<"ExportFile">,
  ) {
    const resource = resourceNamed(id)
    if (resource === undefined) return yield* stale(press)
    yield* press.answer()
    const request = { resource, days: days === "all" ? null : Number(days), holder: null }
    yield* deliver(press.userId, request, places.onMessage(press.message, resource))
  })

  const area: Area = {
    commands: { export: commanded },
    buttons: {
      Exports: (press, { page }) => turnTo(press, resourcesScreen(resources, page, texts)),
      ExportOf: period,
      ExportFile: file,
    },
  }
  return area
})

const fileName = ({ request, span }: Asking): string =>
  [
    "issuances",
    request.resource?.id ?? "all",
    ...(span === undefined ? [] : [span.first, span.last]),
  ].join("-") + ".csv"
