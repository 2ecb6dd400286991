/**
 * What is used here of a service worker's global scope and its events. TypeScript's own types for workers and for pages
 * exclude each other in one program; these work in both.
 */

export interface WorkerScope {
  readonly registration: ServiceWorkerRegistration;
  readonly clients: {
    matchAll(options: { type: 'window'; includeUncontrolled: true }): Promise<readonly WindowLike[]>;
    openWindow(url: string): Promise<unknown>;
  };
  readonly location: { readonly origin: string };
  readonly navigator: object;
  addEventListener(type: string, listener: (event: Event) => void): void;
}

export interface WindowLike {
  readonly url: string;
  focus(): Promise<unknown>;
}

export interface ExtendableEventLike {
  waitUntil(promise: Promise<unknown>): void;
}

export interface PushEventLike extends ExtendableEventLike {
  readonly data?: { text(): string } | null;
  /** Of a browser that reads declarative pushes itself: what it would show, and set. */
  readonly notification?: DeclaredNotification | null;
  readonly appBadge?: number | null;
}

export interface DeclaredNotification {
  readonly title: string;
  readonly body?: string;
  readonly tag?: string;
  readonly data?: unknown;
  readonly navigate?: string;
}

export interface NotificationEventLike extends ExtendableEventLike {
  readonly notification: { readonly data: unknown; close(): void };
}

export interface SubscriptionChangeEventLike extends ExtendableEventLike {
  readonly newSubscription?: PushSubscription | null;
  readonly oldSubscription?: PushSubscription | null;
}
