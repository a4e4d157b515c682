/**
 * The texts of the conversation that is being put together: there is one for each language, and
 * each person talks to the one of theirs.
 */
import { Context } from "effect"
import type { Texts } from "./Texts.ts"

export class Wording extends Context.Service<Wording, Texts>()("account-bot/bot/texts/Wording") {}
