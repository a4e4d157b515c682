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
