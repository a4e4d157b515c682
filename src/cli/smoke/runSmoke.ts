/**
 * `npm run doctor -- --smoke`: tries on a throwaway spreadsheet how Google behaves where the bot
 * depends on it, and says which of its ways the bot takes then.
 *
 * Everything is tried in tabs that are made for it and deleted at the end, also where a person ends
 * it with Ctrl+C. A spreadsheet that a bot works with is left alone.
 */
import { Effect, FileSystem, Option, Random, Schedule, Schema } from "effect"
import { Settings, variables } from "../../config/Settings.ts"
import type { Catalogue } from "../../domain/Catalogue.ts"
import { foldName } from "../../domain/identity.ts"
import { shownText } from "../../sheets/BaseRow.ts"
import { guardKey } from "../../sheets/GuardChain.ts"
import { wholeRows } from "../../sheets/Headers.ts"
import { rowsOf, type SheetPart, SheetsClient } from "../../sheets/SheetsClient.ts"
import type { SheetsError } from "../../sheets/SheetsError.ts"
import { inboxTitle, wantedTabs } from "../../sheets/tabSetup.ts"
import { withReport } from "../doctor/examine.ts"
import { Report } from "../doctor/Report.ts"
import { checkCatalogue, checkCredentials } from "../doctor/setupChecks.ts"
import { explained, isFormStamp } from "../doctor/sheetChecks.ts"
import { Bench, type HandMade, Recording } from "./Bench.ts"
import { byHand, smokeKey, type Trial, trials, type Verdict } from "./trials.ts"

interface Asked {
  readonly fix: boolean
  readonly smoke: Option.Option<string>
  readonly record: Option.Option<string>
}

export const runSmoke = (asked: Asked) => withReport(smokeOf(asked))

const smokeOf = Effect.fnUntraced(function* ({ fix, smoke, record }: Asked) {
  const report = yield* Report
  const spreadsheet = Option.getOrUndefined(
    Option.map(smoke, (given) => variables.spreadsheetAccounts.read(given)),
  )
  if (fix) return yield* report.fail("--fix and --smoke do not go together", "Give one of them")
  if (spreadsheet === undefined) {
    return yield* report.fail(
      "--smoke needs the id of a spreadsheet, or its address",
      "Make a blank spreadsheet for it, and share it with the service account as an editor",
    )
  }
  const { spreadsheetAccounts, spreadsheetIssued } = yield* Settings
  if (spreadsheet === spreadsheetAccounts || spreadsheet === spreadsheetIssued) {
    return yield* report.fail(
      "the bot works with this spreadsheet: it is SPREADSHEET_ACCOUNTS or SPREADSHEET_ISSUED",
      makeAnother,
    )
  }
  const catalogue = yield* checkCatalogue()
  const email = yield* checkCredentials()
  if (Option.isNone(email) || Option.isNone(catalogue)) return
  yield* Effect.gen(function* () {
    const book = yield* readBook(spreadsheet, email.value)
    if (Option.isNone(book)) return
    const why = whyNot(spreadsheet, catalogue.value, book.value)
    if (why !== undefined) return yield* report.fail(why, makeAnother)
    yield* tried(spreadsheet, book.value, record)
  }).pipe(
    Effect.provide(SheetsClient.layer),
    // The credentials could be read a moment ago; somebody changed them meanwhile.
    Effect.catchTag("CredentialsInvalid", ({ message }) => report.fail(message, "Try again")),
  )
})

/** What stands in the spreadsheet before; none where it cannot be read. */
const readBook = Effect.fnUntraced(function* (spreadsheet: string, email: string) {
  const report = yield* Report
  const client = yield* SheetsClient
  const read = Effect.gen(function* () {
    const marks = yield* client.searchMetadata(spreadsheet, guardKey, "person")
    const fields =
      "sheets(properties(sheetId,title),protectedRanges(range,warningOnly,requestingUserCanEdit))"
    const { sheets = [] } = yield* client.get(spreadsheet, {
      fields,
      ranges: [],
      urgency: "person",
    })
    const tops = yield* client.get(spreadsheet, {
      fields:
        "sheets(properties(sheetId,title),data(rowData(values(formattedValue,effectiveValue))))",
      ranges: sheets.map(({ properties }) => wholeRows(properties.title, 0, answersMax + 1)),
      urgency: "person",
    })
    return { sheets, tops: tops.sheets ?? [], hasGuards: marks.length > 0 }
  })
  return yield* Effect.matchEffect(read, {
    onSuccess: Effect.succeedSome,
    onFailure: ({ reason }) => {
      const { what, toDo } = explained(reason, email)
      return Effect.as(report.fail(`the throwaway spreadsheet: ${what}`, toDo), Option.none())
    },
  })
})

interface Before {
  readonly sheets: ReadonlyArray<SheetPart>
  /** The tabs with their first rows. */
  readonly tops: ReadonlyArray<SheetPart>
  readonly hasGuards: boolean
}

const makeAnother = "Make a blank spreadsheet for it: nothing was changed"

/** Why nothing may be tried in the spreadsheet; `undefined` where it may. */
const whyNot = (spreadsheet: string, { resources }: Catalogue, before: Before) => {
  const { sheets, tops, hasGuards } = before
  const here = { accounts: spreadsheet, issued: spreadsheet }
  const names = new Set([
    foldName(inboxTitle),
    ...wantedTabs(resources, spreadsheet, here).map(({ title }) => foldName(title)),
  ])
  const ours = sheets.find(({ properties }) => names.has(foldName(properties.title)))
  if (ours !== undefined)
    return `the spreadsheet has a tab «${ours.properties.title}», as a bot has`
  if (hasGuards) return "a bot has written into this spreadsheet"
  const { form, protected: closed } = handMadeIn(before)
  const used = tops.find((sheet) => {
    const { sheetId } = sheet.properties
    return sheetId !== closed && rowsOf(sheet).length > (sheetId === form ? answersMax + 1 : 0)
  })
  // A trial takes an answer out of a form's tab, which must be nobody's.
  return used === undefined
    ? undefined
    : `it is no throwaway spreadsheet: «${used.properties.title}» has ${used.properties.sheetId === form ? `more than ${answersMax} answers` : "values"}`
}

/** So many answers somebody gives to a form to try it. */
const answersMax = 20

/** The tabs that a person prepared for trials that no call can prepare. */
const handMadeIn = ({ sheets, tops }: Before): HandMade => {
  const form = tops.find((sheet) => isFormStamp(shownText(rowsOf(sheet)[0]?.[0])))
  const closed = sheets.find(
    ({ properties, protectedRanges = [] }) =>
      properties.sheetId !== form?.properties.sheetId &&
      protectedRanges.some((one) => one.warningOnly !== true && one.requestingUserCanEdit !== true),
  )
  return {
    ...(form === undefined ? {} : { form: form.properties.sheetId }),
    ...(closed === undefined ? {} : { protected: closed.properties.sheetId }),
  }
}

const tried = Effect.fnUntraced(function* (
  spreadsheet: string,
  before: Before,
  record: Option.Option<string>,
) {
  const report = yield* Report
  const handMade = handMadeIn(before)
  const prefix = `smoke ${(yield* Random.nextIntBetween(0, 36 ** 5)).toString(36).padStart(5, "0")}`
  yield* report.ok(
    `${trials.length} trials, paced as the bot is, in tabs whose names begin with «${prefix}»; Ctrl+C deletes them`,
  )
  const recorded = yield* Effect.forEach(trials, (trial, index) => tryOne(trial, index + 1)).pipe(
    Effect.provide(Bench.layer(spreadsheet, handMade, prefix)),
    Effect.ensuring(cleaned(spreadsheet, prefix)),
  )
  for (const { name, steps } of byHand) yield* report.byHand(name, steps)
  if (Option.isSome(record)) {
    const { sheetsRootUrl } = yield* Settings
    const from = Option.isNone(sheetsRootUrl) ? "Google" : "an emulator"
    yield* written(record.value, { from, prefix, handMade, trials: recorded })
  }
})

/** Says in one line how a trial went, and gives what is kept of it. */
const tryOne = Effect.fnUntraced(function* (trial: Trial, number: number) {
  const report = yield* Report
  const bench = yield* Bench
  const name = `${number}/${trials.length} ${trial.name}`
  const verdict = yield* Effect.catch(trial.run, (error) =>
    Effect.succeed<Verdict>({ _tag: "Unknown", seen: whyStopped(error) }),
  )
  switch (verdict._tag) {
    case "AsExpected":
      yield* report.ok(`${name}: ${trial.expected}`)
      break
    case "ByHand":
      yield* report.byHand(name, verdict.steps)
      break
    case "Otherwise":
      yield* trial.otherwise === null
        ? report.fail(`${name}: ${verdict.seen}`, noAnswer(trial))
        : report.warn(
            `${name}: ${verdict.seen}`,
            `Expected: ${trial.expected}. What the bot does then: ${trial.otherwise}`,
          )
      break
    case "Unknown":
      yield* report.fail(`${name}: ${verdict.seen}`, noAnswer(trial))
      break
  }
  return { name: trial.name, verdict: verdict._tag, calls: yield* bench.kept }
})

const noAnswer = ({ expected }: Trial) =>
  `Expected: ${expected}. The bot has no other way here: make a recording (--record) and report it`

const whyStopped = ({ reason, method }: SheetsError) =>
  `it could not be tried (${method}: ${"message" in reason ? reason.message : reason._tag})`

/** Deletes what the trials made. Somebody who ended them waits for that for some seconds. */
const cleaned = Effect.fnUntraced(function* (spreadsheet: string, prefix: string) {
  const report = yield* Report
  const client = yield* SheetsClient
  const remove = Effect.gen(function* () {
    const { sheets = [] } = yield* client.get(spreadsheet, {
      fields: "sheets(properties(sheetId,title))",
      ranges: [],
      urgency: "person",
    })
    const tabs = sheets.filter(({ properties }) => properties.title.startsWith(prefix))
    const marks = yield* client.searchMetadata(spreadsheet, smokeKey, "person")
    const requests = [
      ...tabs.map(({ properties: { sheetId } }) => ({ deleteSheet: { sheetId } })),
      ...marks.map(({ metadataId }) => ({
        deleteDeveloperMetadata: { dataFilter: { developerMetadataLookup: { metadataId } } },
      })),
    ]
    if (requests.length === 0) return
    yield* client.batchUpdate(spreadsheet, { requests }, { fields: "replies", urgency: "person" })
  }).pipe(Effect.retry({ times: 4, schedule: Schedule.exponential("1 second") }))
  yield* Effect.matchEffect(remove, {
    onSuccess: () => report.ok("what the trials made is deleted"),
    onFailure: ({ reason }) =>
      report.fail(
        `the tabs of the trials are still there (${reason._tag})`,
        `Delete the tabs whose names begin with «${prefix}»`,
      ),
  })
})

const written = Effect.fnUntraced(function* (file: string, recording: Recording) {
  const report = yield* Report
  const fs = yield* FileSystem.FileSystem
  yield* Effect.matchEffect(fs.writeFileString(file, `${encodeRecording(recording)}\n`), {
    onSuccess: () => report.ok(`${file}: what was asked and answered, without ids and secrets`),
    onFailure: ({ reason }) =>
      report.fail(`${file} cannot be written (${reason._tag})`, "Give another"),
  })
})

/** One line for each trial, so that two recordings can be compared line by line. */
const encodeRecording = (recording: Recording) => {
  const { trials: all, ...rest } = Schema.encodeSync(Recording)(recording)
  const lines = all.map((trial) => JSON.stringify(trial)).join(",\n")
  return `${JSON.stringify(rest).slice(0, -1)},"trials":[\n${lines}\n]}`
}
