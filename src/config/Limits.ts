/** Every bound that is not a setting: its unit is in the type or the name, its reason beside it. */
import { Duration } from "effect"

/** A mistaken tap is noticed at once or never. */
export const undoWindow = Duration.minutes(10)

/** A status may be corrected as long as the shift still remembers the item. */
export const correctionWindow = Duration.hours(24)

/** Blocked, replaced, blocked, replaced …: after that many an admin should look at the stock. */
export const replacementChainMax = 3

/** Memory keeps a settled issuance as long as a button may still ask for it. */
export const retiredAfter = Duration.hours(25)

/** Whoever cleared a stock by mistake finds out within a shift. */
export const trashKept = Duration.hours(24)

/** The same for a row that is not written: the shift that decided so still remembers it. */
export const abandonmentKept = Duration.hours(24)

/** And for what was taken from somebody into quarantine. */
export const asideKept = Duration.hours(24)

/** Telegram gives an update for 24 hours, so an addition is asked for again within that or never. */
export const additionsKept = Duration.hours(24)

/** Clocks are put right by seconds; more than that, and times of before say nothing any more. */
export const clockStepMax = Duration.minutes(1)

/** Who took a proxy hears of its end this many days ahead: over a weekend. */
export const proxyNoticeDays = 2

/** Longest a person looks at «⏳» while an empty pool asks the sheet. */
export const refillPatience = Duration.seconds(5)

/** An exhausted base tab is looked at again this often while nobody asks. */
export const exhaustedPoll = Duration.minutes(1)

/** … and at most this often while people ask. */
export const exhaustedPollAsked = Duration.seconds(10)

/** People edit the tab: rows found by a look are not claimed by their place for longer. */
export const lookTrusted = Duration.minutes(1)

/** Timers look this often for what is due; auto-confirm is at most this late. */
export const timerPeriod = Duration.seconds(15)

/** All of a stop: intake, lanes, flush, snapshot. Supervisors kill after ten to thirty seconds. */
export const stopWithin = Duration.seconds(10)

/** Batches of one tab in stock at most while it has too few of a variant or for a region. */
export const scarceBatchesMax = 10

/** Rows in one flush: keeps a request under one megabyte. */
export const flushRowsMax = 500

/**
 * Writes in one round of the Flusher that look for rows at fault: enough to find one of 500 by
 * halves, and few beside what Google allows in the minute.
 */
export const siftWritesMax = 10

/** A tab that took nothing at all is looked at with one write, and sifted again after that. */
export const closedTabRest = Duration.minutes(5)

/** A row that Google refused so often by itself will hardly be taken the next time. */
export const refusalsMax = 5

/** It is tried again after that, then after twice that … */
export const failedRetryFirst = Duration.minutes(5)

/** … and at least this often: nobody need do anything about what mends itself. */
export const failedRetryMax = Duration.minutes(30)

/** Rows in one return, for the same reason. */
export const returnRowsMax = 500

/** Rows of before the bot in one write of the journal: nobody who waits for it notices. */
export const importRowsMax = 500

/** A tab that could not be read for the import is tried again this often. */
export const importPeriod = Duration.minutes(1)

/** Shorter than supervisors look, long enough to cost nothing. */
export const heartbeatPeriod = Duration.seconds(30)

/** Three beats were missed: that is no busy moment any more. */
export const heartbeatFresh = Duration.seconds(120)

/** Telegram drops an update after 24 hours, so its number need not be known for longer. */
export const updatesKept = Duration.hours(72)

/** A longer wait that Telegram asks for is told to the caller instead. */
export const retryAfterMax = Duration.seconds(30)

/** Google has bad minutes; admins hear of a silence that lasts longer. */
export const unreachableAfter = Duration.minutes(2)

/** Long enough for a meeting, short enough for the same day: then the admins are reminded, once. */
export const applicationReminder = Duration.hours(4)

/** Nobody decided over a long weekend: the application is closed; so is a stranger's silence. */
export const applicationExpires = Duration.hours(72)

/** Who was refused may ask again when tempers are cool. */
export const refusalPause = Duration.hours(24)

/** What Telegram refused or did not answer is shown again this often. */
export const redeliveryPeriod = Duration.minutes(1)

/** Lines in one draft of proxies: one record of the journal; whoever has more fills in the tab. */
export const proxyDraftMax = 200

/** There are passwords in a draft, and who left it for a day has forgotten it. */
export const proxyDraftKept = Duration.hours(24)

/** Events in one page of a check of the books: some milliseconds in which nobody else is served. */
export const checkPageMax = 200

/** When the books are checked: nobody works then, and the morning can act. */
export const nightlyCheckAt = { hour: 3, minute: 30 } as const

/** The note after a start waits for the check of the books, but admins look for it at once. */
export const comebackPatience = Duration.seconds(30)

/** The issued tabs are compared with what the bot wrote this often: edits are rare. */
export const editWatchPeriod = Duration.hours(1)

/** Whoever sorts or pastes rows is done after that; what is still changed is meant to be. */
export const editsSettle = Duration.minutes(1)

/** More rows than that at once were no decision about each: the admins get one message. */
export const editsAskedMax = 10

/** What admins removed can be taken back within that. */
export const removalKept = Duration.hours(24)

/** Issuances in one exported file: what a spreadsheet opens without a wait. */
export const exportRowsMax = 100_000

/** Telegram takes files of fifty megabytes from a bot. */
export const exportBytesMax = 45_000_000

/** Issuances written to a file at once: others wait for some hundredths of a second meanwhile. */
export const exportPageRows = 250

/** Ten years, for who means everything. */
export const exportDaysMax = 3_660

/** Who waits longer than that for a file is told that it is being made. */
export const exportPatience = Duration.seconds(1)

/** Telegram answers a poll within a minute; after two of them something is wrong. */
export const pollFresh = Duration.minutes(2)

/** Written twice a minute as a rule; after so long an admin should look. */
export const unwrittenLate = Duration.minutes(10)

/** The rows of all base tabs are counted this often while nothing moves: twelve reads an hour. */
export const baseCountPeriod = Duration.minutes(5)

/** … and sooner after rows were taken or came back, but never sooner than that: fifty reads are all. */
export const baseCountRest = Duration.minutes(1)

/** Rows are taken from one tab after the other: a count in the middle of it would miss some. */
export const baseCountDelay = Duration.seconds(5)

/** Items left, in stock and in the sheet, below which admins are told: two people's order or three. */
export const lowStockDefault = 20

/** All right again with that many times the threshold, so that one row more is no news. */
export const lowStockClears = 1.5

/** Rows of the day are brought in the morning: so long after midnight nobody misses them. */
export const dayRowsAwaited = Duration.hours(9)

/** A year is as good as for ever: a pace of one item a week tells no more than that. */
export const outlookDaysMax = 365

/** A digest that is due is sent by then; a bot that starts in the morning sends it as soon. */
export const digestPeriod = Duration.minutes(1)

/** News of yesterday are news until noon, or as long after a later DIGEST_TIME. */
export const digestLateMax = Duration.hours(3)

/** So long the digest of a start waits for the count of the tabs. */
export const digestPatience = Duration.minutes(2)

/** Marks that tell something about a delivery: with fewer, two bad ones look like a bad supplier. */
export const batchMarksMin = 8

/** One bad in four is more than the odd one that every delivery has. */
export const batchBadMax = 0.25

/** People in the digest: who takes much more than the others is among them. */
export const topTakersMax = 3

/** Rows of the books in one look: nobody who waits for the journal notices. */
export const bookedRowsMax = 500

/** Once is a mistake, twice is doubt; then the admins should know who presses buttons of others. */
export const trespassesMax = 3

/** … within a day: nobody remembers what he pressed before that. */
export const trespassPeriod = Duration.hours(24)

/** Whoever stops the bot again and again is news to the admins once in that time. */
export const botStopPeriod = Duration.hours(24)

/** Whoever still needs it a day later asks again; whoever does not is not woken up for it. */
export const waitKept = Duration.hours(24)

/** Who is told first gets so long to come back to the chat before the next one is told of the same. */
export const waitHeadStart = Duration.minutes(5)

/** Things that one person waits for: more than anybody needs, few enough for one list. */
export const waitsMax = 10

/** While somebody waits his base tab is looked at this often, as if he pressed the button himself. */
export const waitWish = Duration.minutes(1)

/** A reminder comes when this part of the time to mark is left: two minutes of ten. */
export const reminderShare = 0.2

/** Shorter times are for tests and hurried shops: a reminder would come with the goods. */
export const reminderTimeoutMin = Duration.minutes(1)

/** Each page of a history reads all before it; older rows are in the sheet. */
export const historyPagesMax = 200
