/**
 * The program behind its ports, as one list of layers: the simulation runs this very list over
 * simulated ports.
 */
import { Duration, Effect, Layer } from "effect"
import { Access } from "../access/Access.ts"
import { AdminChats } from "../access/AdminChats.ts"
import { Applications } from "../access/Applications.ts"
import { Blocks } from "../access/Blocks.ts"
import { Regions } from "../access/Regions.ts"
import { Whitelist } from "../access/Whitelist.ts"
import { approvalsTimer } from "../bot/admin/approvals.ts"
import { forgetOverdue } from "../bot/admin/forget.ts"
import { blockEnds } from "../bot/admin/suspension.ts"
import * as Commands from "../bot/Commands.ts"
import * as Conversation from "../bot/Conversation.ts"
import { Deliveries } from "../bot/Deliveries.ts"
import * as Digest from "../bot/Digest.ts"
import * as EditNotices from "../bot/EditNotices.ts"
import { Intake } from "../bot/Intake.ts"
import { Languages } from "../bot/Languages.ts"
import { Notes } from "../bot/Notes.ts"
import * as Notices from "../bot/Notices.ts"
import { ProxyDrafts } from "../bot/ProxyDrafts.ts"
import { ProxyMessages } from "../bot/ProxyMessages.ts"
import * as ProxyNotices from "../bot/ProxyNotices.ts"
import { Reminders } from "../bot/Reminders.ts"
import * as HiddenValues from "../bot/HiddenValues.ts"
import { OfferCards } from "../bot/OfferCards.ts"
import { Redraws } from "../bot/Redraws.ts"
import { SentOnce } from "../bot/SentOnce.ts"
import * as TimerNotices from "../bot/TimerNotices.ts"
import * as TodoNotices from "../bot/TodoNotices.ts"
import { WaitNotices } from "../bot/WaitNotices.ts"
import { Waitlist } from "../bot/Waitlist.ts"
import { CatalogueSource } from "../config/CatalogueSource.ts"
import { stopWithin } from "../config/Limits.ts"
import { Alarms } from "../observe/Alarms.ts"
import { CaughtUp } from "../observe/CaughtUp.ts"
import { heartbeat } from "../observe/heartbeat.ts"
import { Vitals } from "../observe/Vitals.ts"
import { BaseStock } from "../pool/BaseStock.ts"
import { Comeback } from "../pool/Comeback.ts"
import { Conservation } from "../pool/Conservation.ts"
import { layer as rowReading } from "../scheduler/rowReading.ts"
import { FailedRows } from "../pool/FailedRows.ts"
import { HandEdits } from "../pool/HandEdits.ts"
import { Pools } from "../pool/Pools.ts"
import { Proxies } from "../pool/proxies/Proxies.ts"
import * as CatchUp from "../scheduler/CatchUp.ts"
import { Backups } from "../scheduler/Backups.ts"
import * as BaseCount from "../scheduler/BaseCount.ts"
import * as EditWatch from "../scheduler/EditWatch.ts"
import * as Flusher from "../scheduler/Flusher.ts"
import * as ImportHistory from "../scheduler/ImportHistory.ts"
import * as Outdated from "../scheduler/Outdated.ts"
import * as ProxyRegistry from "../scheduler/ProxyRegistry.ts"
import * as Recovery from "../scheduler/Recovery.ts"
import { IssuedKeys } from "../scheduler/IssuedKeys.ts"
import { Refill } from "../scheduler/Refill.ts"
import { SheetsTrouble } from "../scheduler/SheetsTrouble.ts"
import { Sieve } from "../scheduler/Sieve.ts"
import {
  autoConfirmTimer,
  nightlyCheck,
  persistTimer,
  reservationTimer,
} from "../scheduler/Timers.ts"
import { Claim } from "../sheets/Claim.ts"
import { Correction } from "../sheets/Correction.ts"
import { Flush } from "../sheets/Flush.ts"
import { Guard } from "../sheets/Guard.ts"
import { IssuedHistory } from "../sheets/IssuedHistory.ts"
import { IssuedLook } from "../sheets/IssuedLook.ts"
import { ProxyTab } from "../sheets/ProxyTab.ts"
import { Return } from "../sheets/Return.ts"
import { SheetsRecovery } from "../sheets/SheetsRecovery.ts"
import { Tabs } from "../sheets/Tabs.ts"
import { OlderCopy } from "../store/OlderCopy.ts"
import { Ownership } from "../store/Ownership.ts"
import { Chart } from "../stats/Chart.ts"
import { Morning } from "../stats/Morning.ts"
import { Outlook } from "../stats/Outlook.ts"
import { Statistics } from "../stats/Statistics.ts"

const observe = Layer.mergeAll(Alarms.layer, CaughtUp.layer, Vitals.layer, OlderCopy.layer)

const access = Applications.layer.pipe(
  Layer.provideMerge(Layer.merge(Access.layer, AdminChats.layer)),
  Layer.provideMerge(Layer.merge(Whitelist.layer, Blocks.layer)),
  Layer.merge(Regions.layer),
)

const checkedPools = Layer.merge(Conservation.layer, HandEdits.layer).pipe(
  Layer.provideMerge(Pools.layer),
)

/** Parts that the simulation may replace by wrong ones, to show that it would see the harm. */
export interface OpenParts {
  readonly claim?: typeof Claim.layer
  readonly returns?: typeof Return.layer
  readonly catchUp?: typeof CatchUp.layer
}

const sheetsWith = ({ claim = Claim.layer, returns = Return.layer }: OpenParts) =>
  SheetsRecovery.layer.pipe(
    Layer.provideMerge(
      Layer.mergeAll(
        claim,
        Flush.layer,
        Correction.layer,
        returns,
        ProxyTab.layer,
        IssuedHistory.layer,
        IssuedLook.layer,
      ),
    ),
    Layer.provideMerge(Tabs.layer),
    Layer.provideMerge(Guard.layer),
  )

const schedulerWith = ({ catchUp = CatchUp.layer }: OpenParts) =>
  Layer.mergeAll(
    Recovery.layer,
    Refill.layerLoops,
    Outdated.layer,
    Flusher.layer,
    EditWatch.layer,
    autoConfirmTimer,
    reservationTimer,
    ProxyRegistry.layer,
    persistTimer,
    nightlyCheck,
    ImportHistory.layer,
    heartbeat,
    BaseCount.layer,
    Backups.layerLoops,
  ).pipe(
    // Before anything is taken or written.
    Layer.provideMerge(catchUp),
    Layer.provideMerge(Backups.layer),
    Layer.provideMerge(Refill.layer),
    Layer.provideMerge(IssuedKeys.layer),
    Layer.provideMerge(
      Layer.mergeAll(SheetsTrouble.layer, Sieve.layer, BaseCount.HalfTypedRows.layer),
    ),
  )

const bot = Layer.mergeAll(
  Notices.layer,
  TodoNotices.layer,
  TimerNotices.layer,
  HiddenValues.layer,
  OfferCards.layerLoops,
  Notes.layerLoop,
  Redraws.layerLoop,
  ProxyNotices.layer,
  Digest.layer,
  EditNotices.layer,
  Commands.layer,
  approvalsTimer,
  blockEnds,
  forgetOverdue,
  Deliveries.layerLoop,
  WaitNotices.layerLoops,
  Reminders.layerLoop,
).pipe(
  Layer.provideMerge(Layer.merge(WaitNotices.layer, Reminders.layer)),
  Layer.provideMerge(Intake.layer),
  Layer.provideMerge(Conversation.layer),
  Layer.provideMerge(Layer.mergeAll(Statistics.layer, Chart.layer, Morning.layer)),
  Layer.provideMerge(
    Layer.mergeAll(Deliveries.layer, ProxyMessages.layer, ProxyDrafts.layer, Waitlist.layer),
  ),
  Layer.provideMerge(Languages.layer),
)

const share = (part: number) => Duration.times(stopWithin, part)

/**
 * A stop by signal ends the intake first; then the bot handles, writes and saves what it has
 * taken. That is only for comfort: the next start does whatever this does not reach in its time.
 */
const gracefulStop = Layer.effectDiscard(
  Effect.gen(function* () {
    const intake = yield* Intake
    const pools = yield* Pools
    const proxies = yield* Proxies
    const context = yield* Effect.context<Effect.Services<typeof Flusher.once>>()
    const inOrder = Effect.gen(function* () {
      yield* intake.stop
      // A silent Telegram or Google may not use up the time of the steps that follow.
      yield* Effect.timeoutOption(intake.drain, share(0.3))
      yield* Effect.timeoutOption(Flusher.once, share(0.5))
      yield* pools.drain
      yield* proxies.drain
      yield* pools.snapshot
      yield* proxies.snapshot
    }).pipe(Effect.provideContext(context))
    const { isLost } = yield* Ownership
    const stopped = inOrder.pipe(
      Effect.timeoutOption(share(0.9)),
      Effect.catchCause((cause) => Effect.logWarning("the stop was not completed", cause)),
    )
    // A process that has lost its bot to another one may not write for it any more.
    yield* Effect.addFinalizer(() =>
      Effect.flatMap(isLost, (isOver) => (isOver ? Effect.void : stopped)),
    )
  }),
)

export const programWith = (parts: OpenParts) =>
  gracefulStop.pipe(
    Layer.provideMerge(bot),
    Layer.provideMerge(schedulerWith(parts)),
    Layer.provideMerge(Outlook.layer),
    Layer.provideMerge(
      Layer.mergeAll(
        sheetsWith(parts),
        checkedPools,
        FailedRows.layer,
        rowReading.pipe(Layer.provide(Regions.layer)),
        BaseStock.layer,
        Comeback.layer,
        Proxies.layer,
        access,
      ).pipe(Layer.provideMerge(CatalogueSource.layer)),
    ),
    Layer.provideMerge(observe),
    Layer.provideMerge(SentOnce.layer),
  )

export const program = programWith({})
