/** Decoding of request bodies, with Google's sentences for the ones that do not fit. */
import { Match, Predicate, Result, Schema, type SchemaIssue } from "effect"
import { badField, type GoogleError } from "./GoogleError.ts"

/** Decodes a body; a failure is the refusal that Google would send. */
export const decoding = <S extends Schema.ConstraintDecoder<unknown>>(schema: S) => {
  const decode = Schema.decodeUnknownResult(schema, {
    onExcessProperty: "error",
    reportInput: true,
  })
  return (body: unknown): Result.Result<S["Type"], GoogleError> =>
    Result.mapError(decode(body), ({ issue }) => refusal(issue))
}

const refusal = (root: SchemaIssue.Issue): GoogleError => {
  const { path, issue } = innermost(root, [])
  if (Predicate.isTagged(issue, "UnexpectedKey")) {
    const place = protoPath(path.slice(0, -1))
    const at = place === "" ? "" : ` at '${place}'`
    const description = `Invalid JSON payload received. Unknown name "${String(path.at(-1))}"${at}: Cannot find field.`
    return badField(description, place, description)
  }
  const place = protoPath(path)
  const shown = "input" in issue ? `, ${JSON.stringify(issue.input)}` : ""
  const description = `Invalid value at '${place}'${shown}`
  return badField(description, place, description)
}

interface Found {
  readonly path: ReadonlyArray<PropertyKey>
  readonly issue: SchemaIssue.Issue
}

const innermost = (root: SchemaIssue.Issue, path: ReadonlyArray<PropertyKey>): Found =>
  Match.value(root).pipe(
    Match.tag("Pointer", (pointer) => innermost(pointer.issue, [...path, ...pointer.path])),
    Match.tag("Composite", ({ issues }) => innermost(issues[0], path)),
    Match.tag("Filter", "Encoding", ({ issue }) => innermost(issue, path)),
    Match.orElse((issue): Found => ({ path, issue })),
  )

/** `requests[0].repeat_cell.cell`: Google names fields as its own messages do. */
const protoPath = (path: ReadonlyArray<PropertyKey>): string =>
  path
    .map((key, at) =>
      typeof key === "number"
        ? `[${key}]`
        : (at === 0 ? "" : ".") +
          String(key).replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
    )
    .join("")
