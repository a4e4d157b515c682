/** The version of the program, as in package.json. */
export const version = "0.3.0"
