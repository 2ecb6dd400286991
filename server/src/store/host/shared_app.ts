/** An app whose log several nodes append to, as one of them has it in memory. */
import { affected } from '@badged/core';
import type { LogRow } from '../engine.js';
import type { Change } from '../push_port.js';
import type { LogEnd } from '../shared_engine.js';
import { LoadedApp } from './apps.js';
import { LogPoints } from './log_points.js';
import { Visibility } from './visibility.js';

export class SharedApp extends LoadedApp {
  readonly visibility = new Visibility();
  /** Of what is durable. */
  readonly points = new LogPoints();
  #committed = 0;

  /** The number of the last event that is in memory and durable. */
  get committed(): number {
    return this.visibility.state === 'ahead' ? this.#committed : this.seq;
  }

  /** How far memory is durable. */
  get end(): LogEnd {
    return { seq: this.committed, point: this.points.last };
  }

  /** From here on, memory is ahead of the log until `visibility` says otherwise. */
  advance(): void {
    this.#committed = this.seq;
    this.visibility.advance();
  }

  /** Applies events of the log, but for those that are in memory already, and returns what they change. */
  follow(rows: readonly LogRow[]): readonly Change[] {
    const changes: Change[] = [];
    for (const { seq, event, batch } of rows) {
      if (seq <= this.seq) continue;
      if (seq !== this.seq + 1) throw new Error(`event ${seq} of the log follows ${this.seq}`);
      const audience = affected(this.machine.state, event);
      this.apply(event);
      if (batch !== undefined) this.points.add({ seq, batch });
      if (audience !== null) changes.push({ app: this.app.id, audience, hasAlert: false, isElsewhere: true });
    }
    return changes;
  }
}
