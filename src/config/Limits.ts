/** Every bound that is not a setting: its unit is in the type or the name, its reason above it. */
import { Duration } from "effect"

/** People notice a mistaken tap at once or never. */
export const undoWindow = Duration.minutes(10)

/** How much longer the timer waits where the holder asks for it. */
export const markExtension = Duration.minutes(10)

/** Whoever needs more than half an hour for an item forgot about it. */
export const markExtensionsMax = 2

/** A status may be corrected as long as the shift still remembers the item. */
export const correctionWindow = Duration.hours(24)

/** After so many bad items in a row an admin should look at the stock. */
export const replacementChainMax = 3

/** Memory keeps a settled issuance as long as a button may still ask for it. */
export const retiredAfter = Duration.hours(25)

/** Whoever cleared a stock by mistake finds out within a shift. */
export const trashKept = Duration.hours(24)

/** Whoever decided that a row is not written finds out within a shift that it was wrong. */
export const abandonmentKept = Duration.hours(24)

/** So does whoever took an item from somebody into quarantine. */
export const asideKept = Duration.hours(24)

/** How many rows of quarantine one decision may be about. */
export const quarantineAtOnce = 500

/** How long the bot waits for the value that an admin was asked for. */
export const quarantineFixWithin = Duration.minutes(10)

/** How long the bot waits for the reason for which an admin takes an item from its holder. */
export const takingWithin = Duration.minutes(10)

/** How long a colleague may accept an item that its holder offers. */
export const offerKept = Duration.minutes(10)

/** How long the bot waits for the few words that say why an item has its status. */
export const commentWithin = Duration.minutes(5)

/** And whoever decided about a row of quarantine. */
export const quarantineUndone = Duration.hours(24)

/** Telegram repeats an update for 24 hours, so the same addition cannot come again later. */
export const additionsKept = Duration.hours(24)

/** Clocks are corrected by seconds; after a greater step earlier times say nothing any more. */
export const clockStepMax = Duration.minutes(1)

/** How much longer a proxy is reserved where its holder asks for it, once. */
export const reservationExtension = Duration.minutes(5)

/** A mistaken tap is noticed by then; later on the proxy was used. */
export const proxyReturnWindow = Duration.minutes(10)

/** A proxy that fails is reported by then: memory knows of the taking for a day. */
export const proxyReportWindow = Duration.hours(24)

/** How long the bot waits for that word: whoever writes later means something else. */
export const brokenAskedFor = Duration.minutes(10)

/** A word why, as it stands in a cell of the tab and on the screens. */
export const brokenReasonMax = 120

/** Who took a proxy hears of its end so many days ahead, as a weekend may lie between. */
export const proxyNoticeDays = 2

/** How long a person looks at «⏳» at most while an empty pool asks the sheet. */
export const refillPatience = Duration.seconds(5)

/** How long after a step of an order a typed word goes on from it. */
export const typedWithin = Duration.minutes(10)

/** How often the bot looks at an exhausted base tab at most while people ask. */
export const exhaustedPollAsked = Duration.seconds(10)

/**
 * The bot trusts the places of rows that it saw no longer than this. A claim from a place where other
 * rows stand by now loses nothing, and leads to a look at once.
 */
export const lookTrusted = Duration.minutes(15)

/**
 * The pauses between looks at tabs that people edit: the first is kept as long as looks find edits or
 * somebody asks, and each look that finds nothing new doubles it up to the longest.
 */
export const sheetLooks = { first: Duration.minutes(1), longest: Duration.minutes(5) } as const

/** How often timers look for what is due, so an auto-confirm is at most this late. */
export const timerPeriod = Duration.seconds(15)

/** Telegram takes some thirty calls a second from a bot; what is overdue leaves half to people. */
export const timerEditsPause = Duration.millis(65)

/** How often the bot looks for values to hide: so much longer than asked for they may be seen. */
export const hidePeriod = Duration.minutes(1)

/** A whole stop takes no longer: supervisors kill after ten to thirty seconds. */
export const stopWithin = Duration.seconds(10)

/** How many batches of one tab to take at most while a variant or a region has too few. */
export const scarceBatchesMax = 10

/** Rows in one flush: so many keep the request under one megabyte. */
export const flushRowsMax = 500

/**
 * How many writes of one round of the Flusher may look for rows at fault: enough to find one of
 * 500 by halving, and few of those that Google allows in a minute.
 */
export const siftWritesMax = 10

/** How long a tab that took no row at all is tried with one write only, before it is sifted again. */
export const closedTabRest = Duration.minutes(5)

/** A row that Google refused so often when alone will hardly be taken the next time. */
export const refusalsMax = 5

/** How soon a refused row is tried again; the pause doubles after each refusal. */
export const failedRetryFirst = Duration.minutes(5)

/** The longest pause between such tries, so that a row that mends itself needs nobody. */
export const failedRetryMax = Duration.minutes(30)

/** Rows in one return: so many keep the request under one megabyte. */
export const returnRowsMax = 500

/** Old rows that the import puts into one write of the journal, so that nobody waits long. */
export const importRowsMax = 500

/** Items of issued rows that are learned at once: folding so many numbers takes a few milliseconds. */
export const issuedKeysMax = 200

/** How often the import tries a tab again that could not be read. */
export const importPeriod = Duration.minutes(1)

/** How often the bot writes its sign of life: oftener than supervisors look, and it costs nothing. */
export const heartbeatPeriod = Duration.seconds(30)

/** A bot that missed three beats is not merely busy. */
export const heartbeatFresh = Duration.seconds(120)

/** Telegram drops an update after 24 hours, so the bot may forget its number some time later. */
export const updatesKept = Duration.hours(72)

/**
 * How many updates are read and written at once, from Telegram or from the journal: others wait for
 * a few milliseconds meanwhile.
 */
export const updatesPage = 100

/** With so many updates in work the bot takes no more of them: the others wait in Telegram. */
export const updatesInWorkMax = 1_000

/** Nobody presses faster for long; a script or a button that is held down does. */
export const colleagueUpdates = { burst: 300, every: Duration.millis(200) } as const

/** While taps come without their message, the bot sets its callback_query_mode back so often at most. */
export const modeMendPeriod = Duration.minutes(1)

/** A colleague who floods the bot is told once in this time to go slower. */
export const slowDownPeriod = Duration.minutes(1)

/**
 * Buttons that one colleague may press beside that, so that no mark is lost that was pressed while
 * the bot was away: Telegram keeps updates for a day, in which nobody presses more.
 */
export const colleaguePresses = { burst: 10_000, every: Duration.millis(8_640) } as const

/** Whoever has no access reads the same sentence once in this time, whatever they send. */
export const outsiderUpdates = { burst: 1, every: Duration.minutes(1) } as const

/** Steps of a registration get their answers at once: /start, a nickname, and two that were wrong. */
export const outsiderSteps = { burst: 4, every: Duration.minutes(10) } as const

/** Both together, with the burst a dozen in any hour: enough to apply, too little to chat. */
export const outsiderUpdatesInHour = { burst: 6, every: Duration.minutes(10) } as const

/** All outsiders together: more than a company hires in a minute. */
export const outsidersTogether = { burst: 60, every: Duration.seconds(1) } as const

/** Outsiders whose messages are counted; with more of them those of the longest ago are forgotten. */
export const outsidersRemembered = 5_000

/** Applications that wait for a decision: admins decide about no more, and each is a card to them. */
export const applicationsOpenMax = 50

/** People who were asked for a nickname; with more of them whoever was asked first asks again. */
export const nicknamesAwaitedMax = 500

/**
 * When an admin who never pressed /start is tried all the same: he hears of everything as soon as
 * he does, but his chat may be older than the journal.
 */
export const chatlessAdminPause = Duration.days(2)

/** How soon an admin who stopped the bot is tried again; the pause doubles each time. */
export const unreachableAdminFirst = Duration.seconds(30)

/** The longest pause between such tries. */
export const unreachableAdminMax = Duration.hours(1)

/** The bot waits as long as Telegram asks for, but a longer wait is told to the caller. */
export const retryAfterMax = Duration.seconds(30)

/** Google has bad minutes; admins hear of a silence that lasts longer. */
export const unreachableAfter = Duration.minutes(2)

/** When the admins are reminded once of an application: after a meeting, and still the same day. */
export const applicationReminder = Duration.hours(4)

/** An application that nobody decided over a long weekend is closed, as is one without a nickname. */
export const applicationExpires = Duration.hours(72)

/** How long admins may still decide about an application that expired. */
export const expiredKept = Duration.days(30)

/** How long somebody who was refused may not ask again. */
export const refusalPause = Duration.hours(24)

/** Whoever took an application back may send another after that: each one is a card to every admin. */
export const withdrawalPause = Duration.hours(1)

/** How often an applicant may correct the nickname: each time every card is drawn anew. */
export const nicknameCorrectionsMax = 5

/** How long the bot waits for a nickname that somebody was asked for. */
export const nicknameWithin = Duration.minutes(10)

/** How often the bot shows again what Telegram refused or did not answer. */
export const redeliveryPeriod = Duration.minutes(1)

/** So long a note about a decision is tried while Telegram does not answer; then it is no news. */
export const noteKept = Duration.days(1)

/** The longest pause between two tries: an outage must not hold a note up much longer than itself. */
export const noteRetryMax = Duration.minutes(10)

/** Lines in one draft of proxies, which is one record; whoever has more fills in the tab. */
export const proxyDraftMax = 200

/** With more refused lines, or more characters in them, a draft hands them to their sender as a file. */
export const refusedLinesMax = 500
export const refusedTextMax = 60_000

/** A draft holds passwords, and whoever left it for a day has forgotten it. */
export const proxyDraftKept = Duration.hours(24)

/** Events that a check of the books reads at once: others wait for some milliseconds meanwhile. */
export const checkPageMax = 200

/** Characters of events that are read at once: reading that many takes some milliseconds. */
export const eventTextMax = 100_000

/** How long a commit may take in another machine before it is asked what became of it. */
export const commitPatience = Duration.seconds(10)

/** How long a reading may take in another machine before it is given up. */
export const readPatience = Duration.seconds(30)

/** How often a process looks whether the bot is still its own. */
export const ownerLook = Duration.seconds(30)

/** How long a process believes that, before it asks again ahead of what it says or does outside. */
export const ownerProven = Duration.seconds(1)

/** Whoever gave a sign of life within this time may have worked until a minute ago. */
export const ownerSeen = Duration.sum(Duration.minutes(1), ownerLook)

/** How long such a look may take before another connection is tried. */
export const ownerLookPatience = Duration.seconds(5)

/** How often the database is asked for its time: clocks drift by less than a hundredth of a second. */
export const databaseTimePeriod = Duration.minutes(1)

/** How often it is seen whether the machine has slept since. */
export const databaseTimeLook = Duration.seconds(5)

/** How soon a bot's process looks for updates that others took in for it, if nobody has told it. */
export const incomingLook = Duration.seconds(2)

/** How often it is seen whether a connection on which others are heard is still there. */
export const listenerLook = Duration.seconds(10)

/** How long such a connection may take for an answer before it counts as cut. */
export const listenerPatience = Duration.seconds(3)

/** How often an update of our own goes through each bot, to see that updates are handled. */
export const probePeriod = Duration.seconds(15)

/** An update of our own that was not handled for so long shows that updates of the bot are not. */
export const probeFresh = Duration.minutes(1)

/** How often a replica looks whether the database answers. */
export const databaseLook = Duration.seconds(5)

/**
 * A replica that has said nothing to the database for so long has lost its bots. The database ends the
 * session that holds them, and the other replicas no longer count it among them.
 */
export const shardLockWithin = Duration.seconds(6)

/** How often a replica says that it is there; more than twice as often as it has to. */
export const shardLockRefresh = Duration.seconds(2)

/**
 * How long a replica that stops waits for the engine to give its bots away. It may wait for ever for
 * a replica that is gone, and then the end of the process gives them away.
 */
export const engineStopWithin = Duration.seconds(3)

/** How long a replica that stops may take for all of it, after the longest stop of a bot. */
export const replicaStopWithin = Duration.sum(Duration.times(stopWithin, 2), Duration.seconds(5))

/** How long a replica may take to answer another one. */
export const replicaPing = Duration.seconds(2)

/** How long the end of the program waits to learn what became of a commit. */
export const closingPatience = Duration.seconds(5)

/** So many connections read for all bots of a process that share them. */
export const sharedReadersMax = 8

/** Events are packed after that: hardly anybody reads older ones. */
export const packedAfter = Duration.days(1)

/** Characters of old events in one block: to pack or read one takes some milliseconds. */
export const blockTextMax = 128_000

/** Blocks that are packed one after the other: a journal of years is packed within some days. */
export const blocksAtOnce = 10

/**
 * How long what the bot took from a tab lies in the inbox at most, for whoever goes back to a copy
 * from before: older copies lack what was taken since and never issued.
 */
export const inboxKept = Duration.days(7)

/** How often a copy of the journal is begun anew, where the disk or a commit ended it. */
export const copyTriesMax = 5

/** A copy of a journal of years takes seconds: one that takes longer waits for something. */
export const copyPatience = Duration.minutes(15)

/** How often what was written of a copy is synced: in between the disk takes as much as it can. */
export const copySyncPeriod = Duration.millis(50)

/** How often the bot looks whether somebody asks for a backup. */
export const backupAskedPeriod = Duration.seconds(2)

/** How soon a backup that failed is tried again. */
export const backupRetry = Duration.minutes(10)

/** Lines of the books that are set down, or read again, at once. */
export const checkLinesMax = 1_000

/** How often the books are counted from the first event on, and not from where they were set down. */
export const recountPeriod = Duration.days(7)

/** When the books are checked: nobody works then, and the admins can act in the morning. */
export const nightlyCheckAt = { hour: 3, minute: 30 } as const

/** When the data of people are erased that FORGET_AFTER names: after the check of the books. */
export const forgettingAt = { hour: 4, minute: 10 } as const

/** How long the note after a start waits for the check of the books: admins expect it at once. */
export const comebackPatience = Duration.seconds(30)

/** How often the issued tabs are compared with what the bot wrote: edits by hand are rare. */
export const editWatchPeriod = Duration.hours(1)

/** Whoever sorts or pastes rows is done by then, so a change that still stands is meant. */
export const editsSettle = Duration.minutes(1)

/** Nobody decided about each of more rows at once, so the admins get one message about all. */
export const editsAskedMax = 10

/** How long an admin can take back what was removed. */
export const removalKept = Duration.hours(24)

/** Issuances in one exported file: what a spreadsheet opens without a wait. */
export const exportRowsMax = 100_000

/** Telegram takes files of fifty megabytes from a bot. */
export const exportBytesMax = 45_000_000

/** Issuances written to a file at once: others wait for some hundredths of a second meanwhile. */
export const exportPageRows = 250

/** Days of an export at most: ten years, for somebody who means everything. */
export const exportDaysMax = 3_660

/** Who waits longer than that for a file is told that it is being made. */
export const exportPatience = Duration.seconds(1)

/** How often the metrics are sent to a collector. */
export const metricsPeriod = Duration.seconds(15)

/** Telegram answers a poll within a minute; after two of them something is wrong. */
export const pollFresh = Duration.minutes(2)

/** Rows are written twice a minute as a rule; if one waits so long, an admin should look. */
export const unwrittenLate = Duration.minutes(10)

/** How long a row may lack a value before the admins are told: until then somebody types it. */
export const halfTypedFor = Duration.minutes(15)

/** How often a row that was cut out while somebody typed it goes back, as long as it is the same. */
export const halfTypedReturns = 3

/** How long at least that goes on: nobody types faster than the bot looks. */
export const halfTypedPatience = Duration.minutes(1)

/** How long that is kept in mind. */
export const halfTypedKept = Duration.hours(24)

/** How long a count waits after rows came back to a tab: more may follow. */
export const baseCountDelay = Duration.seconds(5)

/** Admins are told when fewer items are left in stock and in the sheet: two or three orders. */
export const lowStockDefault = 20

/** How many days a pace is made of at least, today among them: two say too little of the third. */
export const paceDaysMin = 3

/** A stock is no longer low at so many times the threshold, so that one more row is no news. */
export const lowStockClears = 1.5

/** People bring the rows of a day in the morning, so nobody misses them until then. */
export const dayRowsAwaited = Duration.hours(9)

/** Longest forecast: a pace of one item a week says nothing about more than a year. */
export const outlookDaysMax = 365

/** How often the bot looks whether the digest is due, also after a start in the morning. */
export const digestPeriod = Duration.minutes(1)

/** The digest may come until noon, or so long after a later DIGEST_TIME; then its news are old. */
export const digestLateMax = Duration.hours(3)

/** How long the digest after a start waits for the count of the tabs. */
export const digestPatience = Duration.minutes(2)

/** With fewer marks than this, two bad items would already look like a bad delivery. */
export const batchMarksMin = 8

/** Every delivery has an odd bad item; more than one in four are too many. */
export const batchBadMax = 0.25

/** How many people the digest names; whoever takes much more than others is among them. */
export const topTakersMax = 3

/** Rows read from the books at once, so that nobody else waits long for the journal. */
export const bookedRowsMax = 500

/** Admins hear of somebody who pressed so many buttons of others; fewer may be mistakes. */
export const trespassesMax = 3

/** Presses count as repeated within this time; nobody remembers what was before. */
export const trespassPeriod = Duration.hours(24)

/** How often the admins hear of one person who goes on with that. */
export const trespassNotePeriod = Duration.hours(1)

/** Admins hear at most once in this time of somebody who stops the bot again and again. */
export const botStopPeriod = Duration.hours(24)

/** A wish for items ends after a day: whoever still needs them asks again. */
export const waitKept = Duration.hours(24)

/** Whoever is told first has so long to come back before the next one is told of the same items. */
export const waitHeadStart = Duration.minutes(5)

/** How many things one person may wait for: more than anybody needs, few enough for one list. */
export const waitsMax = 10

/** How often the bot looks at a base tab that somebody waits for, as if he pressed the button. */
export const waitWish = Duration.minutes(1)

/** A reminder comes when this share of the time to mark is left: two minutes of ten. */
export const reminderShare = 0.2

/** With a shorter time to mark there is no reminder: it would come with the items. */
export const reminderTimeoutMin = Duration.minutes(1)

/** Each page of a history reads all before it; older rows are in the sheet. */
export const historyPagesMax = 200

/** How often the files of BOTS_DIR are looked at: a change takes two looks. */
export const botsPeriod = Duration.seconds(3)
