/** What `badged doctor` says: what is well, what may go wrong, and what is wrong, each as a sentence. */

export interface Finding {
  /** `problem`: a server would not start, would not be safe, or would soon stop. */
  readonly level: 'ok' | 'warning' | 'problem';
  /** What it is, and if it is not well, what to do. */
  readonly text: string;
}

export const ok = (text: string): Finding => ({ level: 'ok', text });
export const warning = (text: string): Finding => ({ level: 'warning', text });
export const problem = (text: string): Finding => ({ level: 'problem', text });
