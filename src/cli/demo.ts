/** `npm run demo`: what can be said to it. The demo itself is loaded when it is asked for. */
import { Option } from "effect"
import { Command, Flag } from "effect/cli"
import { companies } from "../playground/companies.ts"
import { loaded } from "./loaded.ts"
import { plainly } from "./plainly.ts"
import type { Flags } from "./playDemo.ts"

export const demo = Command.make(
  "demo",
  {
    reset: Flag.Boolean("reset").pipe(
      Flag.withDefault(false),
      Flag.withDescription("forget what happened before"),
    ),
    admins: Flag.String("admins").pipe(
      Flag.withDefault("1"),
      Flag.withDescription("Telegram ids of the admins, separated by commas"),
    ),
    company: Flag.Literals(
      "company",
      companies.map(({ id }) => id),
    ).pipe(
      Flag.optional,
      Flag.withDescription("the company to play; begins afresh where it was another one"),
    ),
    replicas: Flag.Int("replicas").pipe(
      Flag.filter(
        (count) => count >= 2 && count <= 5,
        () => "a number from 2 to 5",
      ),
      Flag.optional,
      Flag.withDescription("run the bot in so many processes, on the Postgres of DATABASE_URL"),
    ),
    replica: Flag.Int("replica").pipe(
      Flag.optional,
      Flag.withDescription("be one of the replicas of a demo"),
      Flag.withHidden,
    ),
    supervised: Flag.Literals("supervised", ["first", "again"]).pipe(
      Flag.optional,
      Flag.withDescription("another process starts this one again when it is killed"),
      Flag.withHidden,
    ),
  },
  ({ replica, ...flags }: Flags & { readonly replica: Option.Option<number> }) =>
    Option.isSome(replica)
      ? loaded(
          () => import("./replicas/runReplica.ts"),
          ({ runReplica }) => plainly(runReplica(replica.value)),
        )
      : loaded(
          () => import("./playDemo.ts"),
          ({ runDemo }) => plainly(runDemo(flags)),
        ),
).pipe(Command.withDescription("Try the bot on this machine, without any account"))
