/** What is answered to buttons from before the catalogue lost a resource. */
import { type AdminCommand, type AdminRefusal, StockChanged, TrashGone } from "./AdminContract.ts"
import { OutOfStock, type PersonCommand, type Refusal, UnknownIssuance } from "./Contract.ts"

export const unasked = (resource: string, command: PersonCommand): Refusal =>
  command._tag === "Issue"
    ? new OutOfStock({
        resource,
        variant: command.variant,
        region: command.region,
        byVariant: {},
        byRegion: {},
        onlyDay: null,
        hidden: 0,
      })
    : new UnknownIssuance({ id: command.id })

export const unmanaged = (resource: string, command: AdminCommand): AdminRefusal => {
  switch (command._tag) {
    case "SetAside":
    case "Transfer":
    case "Abandon":
    case "Unabandon":
    case "Rewrite":
      return new UnknownIssuance({ id: command.id })
    case "BringBack":
      return new TrashGone({ trash: command.id })
    case "Restore":
      return new TrashGone({ trash: command.trash })
    default:
      return new StockChanged({ resource })
  }
}
