/** From what a spreadsheet looks like to tabs that can be worked with. Pure. */
import { Result } from "effect"
import type { Resource } from "../domain/Catalogue.ts"
import { baseColumns, fold, issuedColumns } from "./Headers.ts"
import type { Facts, TabFacts, WantedTab } from "./tabSetup.ts"
import { TabUnusable } from "./TabUnusable.ts"

export interface Layout<Columns> extends TabFacts {
  readonly columns: Columns
}

export interface TabProblem {
  readonly tab: string
  readonly column: string | null
}

export const layoutOf = <Columns>(
  facts: Facts,
  title: string,
  columns: (header: ReadonlyArray<string>) => Result.Result<Columns, string>,
): Result.Result<Layout<Columns>, TabUnusable> => {
  const known = facts.get(fold(title))
  if (known === undefined) return Result.fail(new TabUnusable({ tab: title, column: null }))
  return Result.mapBoth(columns(known.header), {
    onSuccess: (found) => ({ ...known, columns: found }),
    onFailure: (column) => new TabUnusable({ tab: title, column }),
  })
}

export const problemOf = (
  facts: Facts,
  { title, resource, kind }: WantedTab,
): TabProblem | undefined => {
  const known = facts.get(fold(title))
  if (known === undefined) return { tab: title, column: null }
  const { header } = known
  const missing =
    kind === "base"
      ? Result.getFailure(baseColumns(resource, header))
      : Result.getFailure(issuedColumns(resource, header))
  return missing._tag === "None" ? undefined : { tab: title, column: missing.value }
}

/** Headers of a resource's base tabs that the catalogue does not know, as far as they were read. */
export const extrasOf = (facts: Facts, resource: Resource): ReadonlyArray<string> =>
  resource.baseTabs.flatMap(({ title }) =>
    Result.match(baseColumns(resource, facts.get(fold(title))?.header ?? []), {
      onFailure: () => [],
      onSuccess: ({ extras }) => extras.map(({ header }) => header),
    }),
  )
