/** The contract of what sends mail. */
export interface Mail {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
}

export interface Mailer {
  /** Resolves when the mail is handed over. A failure rejects. */
  send(mail: Mail): Promise<void>;
}
