/** Styles in HTML that tests read: as templates write them, although the client sets them through the CSSOM. */

/** Takes out the semicolon that the CSSOM adds after the last declaration. */
export const withWrittenStyles = (html: string): string =>
  html.includes(";") ? html.replace(/(<[^<>]* style="[^"<>]*);"/g, '$1"') : html;
