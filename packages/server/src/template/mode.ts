/** The mode in which the process runs: what production hides or refuses, development explains. */

/** Asked at run time, so that a test can be either. */
export const isProduction = (): boolean => process.env.NODE_ENV === "production";

/** Test runners set it; a warning that no test asked for would be noise. */
export const isTest = (): boolean => process.env.NODE_ENV === "test";
