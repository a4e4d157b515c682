/**
 * The rulebook of a pool: what a command comes to, given the state it meets.
 *
 * All of it is pure. `decide` says which events a command makes, `evolve` what an event does;
 * a command that has taken effect already makes none, so everything can be asked twice.
 */
import { Result } from "effect"
import type { Resource } from "../domain/Catalogue.ts"
import {
  AdminCommand,
  type AdminRefusal,
  type KeeperCommand,
  PersonCommand,
  type Refusal,
} from "./Contract.ts"
import * as Admin from "./decideAdmin.ts"
import { expire } from "./decideExpire.ts"
import { decline, issue, replace } from "./decideIssue.ts"
import * as Keeper from "./decideKeeper.ts"
import { confirm, correct, undo } from "./decideMark.ts"
import * as Return from "./decideReturn.ts"
import type { Decision, DecisionContext, Events } from "./Decision.ts"
import { evolve } from "./evolve.ts"
import type { PoolState } from "./State.ts"

export const decide = (
  definition: Resource,
  state: PoolState,
  command: Command,
  context: DecisionContext,
): Result.Result<Events, Refusal | AdminRefusal> => {
  if (isPersonal(command)) return decidePerson(definition, state, command, context)
  return isAdmins(command)
    ? decideAdmin(definition, state, command, context)
    : Result.succeed(decideKeeper(definition, state, command, context))
}

/** What people ask for. */
export const decidePerson = (
  definition: Resource,
  state: PoolState,
  command: PersonCommand,
  context: DecisionContext,
): Decision => {
  switch (command._tag) {
    case "Issue":
      return issue(definition, state, command, context)
    case "Replace":
      return replace(definition, state, command, context)
    case "DeclineReplacement":
      return decline(definition, state, command, context)
    case "Confirm":
      return confirm(definition, state, command, context)
    case "Undo":
      return undo(state, command, context)
    case "Correct":
      return correct(definition, state, command, context)
  }
}

/** What admins do to the stock and to what others hold. */
export const decideAdmin = (
  definition: Resource,
  state: PoolState,
  command: AdminCommand,
  context: DecisionContext,
): Admin.AdminDecision => {
  switch (command._tag) {
    case "Pause":
      return Admin.pause(state, command, context)
    case "Resume":
      return Admin.resume(state, command, context)
    case "Clear":
      return Admin.clear(definition, state, command, context)
    case "Restore":
      return Admin.restore(state, command, context)
    case "Release":
      return Admin.release(definition, state, command, context)
    case "SetAside":
      return Admin.setAside(state, command, context)
    case "BringBack":
      return Admin.bringBack(state, command, context)
    case "Transfer":
      return Admin.transfer(definition, state, command, context)
    case "Abandon":
      return Admin.abandon(state, command, context)
    case "Unabandon":
      return Admin.unabandon(state, command, context)
    case "Rewrite":
      return Admin.rewrite(state, command, context)
  }
}

/** What the machinery reports and the timer asks for. */
export const decideKeeper = (
  definition: Resource,
  state: PoolState,
  command: KeeperCommand,
  context: DecisionContext,
): Events => {
  switch (command._tag) {
    case "Load":
      return Keeper.load(definition, state, command, context)
    case "DeliveryStarted":
      return Keeper.deliveryStarted(state, command, context)
    case "Delivered":
      return Keeper.delivered(state, command, context)
    case "DeliveryRefused":
      return Keeper.deliveryRefused(state, command, context)
    case "DeliveryUnsure":
      return Keeper.deliveryUnsure(state, command, context)
    case "Written":
      return Keeper.written(state, command, context)
    case "QuarantineReported":
      return Keeper.quarantineReported(state, command, context)
    case "SetTodayOnly":
      return Return.setTodayOnly(definition, state, command, context)
    case "BeginReturn":
      return Return.beginReturn(definition, state, context)
    case "Returned":
      return Return.returned(state, command, context)
    case "Expire":
      return expire(definition, state, context)
  }
}

/** Memory is a fold of the events. */
export const replay = (state: PoolState, events: Events): PoolState => events.reduce(evolve, state)

type Command = PersonCommand | KeeperCommand | AdminCommand

const isPersonal = (command: Command): command is PersonCommand =>
  command._tag in PersonCommand.cases

const isAdmins = (command: Command): command is AdminCommand => command._tag in AdminCommand.cases
