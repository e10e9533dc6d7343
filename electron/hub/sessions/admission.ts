/** How many of one thing there may be (C16). */
export interface AdmissionLimits {
  perUser: number;
  total: number;
}

/** Conversations of all transports. A person with thirty terminals and forty servers has 1,200 shims. */
export const SESSION_LIMITS: AdmissionLimits = { perUser: 2_000, total: 4_000 };
/** Streams that stay open without a call: GET, HTTP+SSE, `subscriptions/listen`. */
export const STREAM_LIMITS: AdmissionLimits = { perUser: 2_000, total: 4_000 };

/** Counts what is there, per user and in all. */
export interface Admission {
  /** False: there is no room. Each true is given back with `leave`. */
  enter(user: string): boolean;
  leave(user: string): void;
  readonly size: number;
}

export function createAdmission({ perUser, total }: AdmissionLimits): Admission {
  const users = new Map<string, number>();
  let size = 0;
  return {
    enter(user) {
      const own = users.get(user) ?? 0;
      if (own >= perUser || size >= total) return false;
      users.set(user, own + 1);
      size += 1;
      return true;
    },
    leave(user) {
      const own = users.get(user);
      if (own === undefined) return;
      if (own === 1) users.delete(user);
      else users.set(user, own - 1);
      size -= 1;
    },
    get size() {
      return size;
    },
  };
}
