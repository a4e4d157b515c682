/** Refusals in Google's own words, with the code and status that belong to them. */
import { Schema } from "effect"

export class GoogleError extends Schema.TaggedError<GoogleError>()("GoogleError", {
  code: Schema.Int,
  status: Schema.String,
  message: Schema.String,
  details: Schema.optionalKey(Schema.Array(Schema.Unknown)),
}) {}

export const invalidArgument = (message: string): GoogleError =>
  new GoogleError({ code: 400, status: "INVALID_ARGUMENT", message })

/** A fault of the request's form: Google names the field in the details as well. */
export const badField = (message: string, field: string, description: string): GoogleError =>
  new GoogleError({
    code: 400,
    status: "INVALID_ARGUMENT",
    message,
    details: [
      {
        "@type": "type.googleapis.com/google.rpc.BadRequest",
        fieldViolations: [{ ...(field === "" ? {} : { field }), description }],
      },
    ],
  })

export const badMask = (path: string): GoogleError =>
  badField(
    "Request contains an invalid argument.",
    path,
    `Error expanding 'fields' parameter. Cannot find matching fields for path '${path}'.`,
  )

export const notFound = (message = "Requested entity was not found."): GoogleError =>
  new GoogleError({ code: 404, status: "NOT_FOUND", message })

/** The body of an error answer. */
export const envelope = ({ code, message, status, details }: GoogleError): object => ({
  error: { code, message, status, ...(details === undefined ? {} : { details }) },
})
