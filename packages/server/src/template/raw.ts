/** HTML that is trusted. */

export class Raw {
  readonly html: string;
  constructor(html: string) {
    this.html = html;
  }
}

/** HTML to be inserted as it is. Whoever can write it can run scripts in the page: never what a person sent. */
export const raw = (html: string): Raw => new Raw(html);
