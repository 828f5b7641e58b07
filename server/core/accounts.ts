import { coarseAddress } from '#domain/coarse-address.ts'
import { deviceName } from '#domain/device-name.ts'
import type { UserId } from '#domain/ids.ts'
import type { Role } from '#domain/live/views.ts'
import type { TeamId } from '#domain/on-call/duty.ts'
import type { Factor } from '#domain/people/factors.ts'
import { instant } from '#domain/time.ts'
import type { Clock, Instant, Scheduler } from '#domain/time.ts'
import { createGuessingBrake } from './guessing-brake.ts'
import { MovedSessions } from './moved-sessions.ts'
import type { Act } from './on-call-store.ts'

/** No hash looks like it, so no password fits. */
export const noPassword = '!'

export interface User {
  readonly userId: UserId
  /** As typed at creation; found without regard to case. */
  readonly name: string
  readonly role: Role
  /** Carries its own parameters; `noPassword`: there is none yet. */
  readonly passwordHash: string
  readonly disabled: boolean
  /** The one team whose wall a kiosk is; nobody else has one. */
  readonly wardOf?: TeamId
}

/** Where a session was opened, in words for its owner. */
export interface SessionClient {
  /** Such as "Chrome on Android". */
  readonly device: string
  /** The network, coarsely. */
  readonly origin: string
}

export interface Session {
  /** SHA-256 of the id in the cookie: the database alone lets nobody in. */
  readonly idHash: string
  readonly userId: UserId
  readonly client: SessionClient
  readonly startedAt: Instant
  readonly lastSeenAt: Instant
  /** When the person last proved who she is. */
  readonly provenAt: Instant
  /** With what, since the session began. */
  readonly factors: readonly Factor[]
}

export interface AccountStore {
  /** False when the name is taken. */
  addUser(user: User, act: Act): Promise<boolean>
  /** Everybody, by name. */
  users(): Promise<readonly User[]>
  userByName(name: string): Promise<User | null>
  userById(userId: UserId): Promise<User | null>
  /** `act` null: the same password under better parameters. */
  setPasswordHash(userId: UserId, passwordHash: string, act: Act | null): Promise<void>
  /** Ends the user's sessions. False: nothing was done, because no other administrator could sign in. */
  setRole(userId: UserId, role: Role, act: Act): Promise<boolean>
  /** Ends the user's sessions. False as above. */
  setDisabled(userId: UserId, disabled: boolean, act: Act): Promise<boolean>
  addSession(session: Session): Promise<void>
  /** Puts `session` in the place of the one of that id, after a fresh proof. False: there is none. */
  renewSession(idHash: string, session: Session): Promise<boolean>
  session(idHash: string): Promise<{ readonly session: Session; readonly user: User } | null>
  touchSession(idHash: string, lastSeenAt: Instant): Promise<void>
  endSession(idHash: string, at: Instant): Promise<void>
  sessionsOf(userId: UserId): Promise<readonly Session[]>
  /** From elsewhere: those of her sessions that are named, each with a row of who did it. */
  revokeSessions(userId: UserId, idHashes: readonly string[], act: Act): Promise<void>
  /** The user's sessions end, all of them; answers which. */
  endSessionsOf(userId: UserId): Promise<readonly string[]>
  /** Forgets sessions that began or were last seen before these moments, but those of kiosks. */
  sweepSessions(startedBefore: Instant, seenBefore: Instant): Promise<void>
}

export interface PasswordHasher {
  hash(password: string): Promise<string>
  /** `outdated`: right, but hashed with weaker parameters than today's. Costs the same whatever the answer. */
  verify(password: string, passwordHash: string): Promise<'right' | 'outdated' | 'wrong'>
}

export interface AccountSecrets {
  /** 256 random bits, URL-safe. */
  newSessionId(): string
  hashSessionId(id: string): string
}

/** The person behind a request, checked against the database for this request. */
export interface Identity {
  readonly userId: UserId
  readonly name: string
  readonly role: Role
  readonly sessionHash: string
  /** The session's absolute end. */
  readonly endsAt: Instant
  readonly provenAt: Instant
  readonly factors: readonly Factor[]
}

export interface SignedIn {
  /** For the cookie, and for nobody else. */
  readonly sessionId: string
  readonly identity: Identity
}

export interface SessionPolicy {
  readonly idleMs: number
  readonly absoluteMs: number
}

/** Idle 30 min, absolute 12 h: a shift. */
export const sessionPolicy: SessionPolicy = { idleMs: 30 * 60_000, absoluteMs: 12 * 3_600_000 }

/** A wall screen signs in once a week, whoever passes it by. */
export const kioskPolicy: SessionPolicy = { idleMs: 7 * 86_400_000, absoluteMs: 7 * 86_400_000 }

/** A session row is not rewritten more often than this. */
const touchEveryMs = 15_000

export interface Accounts {
  /** Null: name or password is wrong; nothing tells which. May answer late, never refuses for good. */
  checkPassword(name: string, password: string, address: string): Promise<User | null>
  /** A session for somebody who has shown enough. `userAgent`: the header of that name. Null: she is disabled. */
  begin(user: User, factors: readonly Factor[], address: string, userAgent?: string): Promise<SignedIn | null>
  /** The person has just proved again who she is: the session gets a new id. Null: it is over. */
  renew(sessionHash: string, factor: Factor): Promise<SignedIn | null>
  signOut(sessionHash: string): Promise<void>
  /** Finds who sent the cookie. Counts as activity `quietMs` ago: what a page asks by itself keeps no session alive. */
  authenticate(sessionId: string, quietMs?: number): Promise<Identity | null>
  /** What its session is called here, whether there is one or not. */
  hashOf(sessionId: string): string
  /** Is this session still good? Does not count as activity. */
  recheck(sessionHash: string): Promise<Identity | null>
  /** The person touched the screen at `at`. */
  active(sessionHash: string, at: Instant): Promise<void>
  /** Sessions that are ended in the store by now: their sockets go at once. */
  ended(sessionHashes: readonly string[]): void
  /** Called at sign-out and when a session is ended from elsewhere; returns the way to stop listening. */
  onSessionEnd(listener: (sessionHash: string) => void): () => void
}

export interface AccountsDependencies {
  readonly store: AccountStore
  readonly hasher: PasswordHasher
  readonly secrets: AccountSecrets
  readonly clock: Clock
  readonly scheduler: Scheduler
  /** A sign-in failed; null: nobody has that name. */
  readonly refused: (userId: UserId | null) => void
  /** There is an identity provider, and an administrator came in without it. */
  readonly pastProvider?: (userId: UserId, at: Instant) => Promise<void>
  readonly policy?: SessionPolicy
}

export const createAccounts = (deps: AccountsDependencies): Accounts => {
  const { store, hasher, secrets, clock, scheduler } = deps
  const policyOf = (role: Role): SessionPolicy => (role === 'kiosk' ? kioskPolicy : (deps.policy ?? sessionPolicy))
  const brake = createGuessingBrake()
  const listeners = new Set<(sessionHash: string) => void>()
  const moved = new MovedSessions()
  // An unknown name is checked against this hash, so that its answer takes as long as a known one's.
  let decoy: Promise<string> | null = null

  const pause = (ms: number): Promise<void> => new Promise((done) => scheduler.after(ms, done))

  const tell = (ended: readonly string[]): void => {
    for (const now of ended) for (const hash of moved.ended(now)) for (const listener of listeners) listener(hash)
  }

  const identify = ({ session, user }: { session: Session; user: User }): Identity | null => {
    const now = clock.now()
    const policy = policyOf(user.role)
    const good =
      !user.disabled &&
      now < session.startedAt + policy.absoluteMs &&
      now - session.lastSeenAt < policy.idleMs &&
      now >= session.startedAt - policy.idleMs
    if (!good) return null
    return {
      userId: user.userId,
      name: user.name,
      role: user.role,
      sessionHash: session.idHash,
      endsAt: addMs(session.startedAt, policy.absoluteMs),
      provenAt: session.provenAt,
      factors: session.factors,
    }
  }

  const touch = async (session: Session, at: Instant): Promise<void> => {
    if (at - session.lastSeenAt >= touchEveryMs) await store.touchSession(session.idHash, at)
  }

  const checkPassword = async (name: string, password: string, address: string): Promise<User | null> => {
    const key = `${name.toLowerCase()}\n${address}`
    const wait = brake.delayMs(key, clock.monotonic())
    if (wait > 0) await pause(wait)
    const user = await store.userByName(name)
    const known = user === null || user.passwordHash === noPassword ? null : user.passwordHash
    decoy ??= hasher.hash(secrets.newSessionId())
    const answer = await hasher.verify(password, known ?? (await decoy))
    if (user === null || user.disabled || answer === 'wrong') {
      brake.failed(key, clock.monotonic())
      deps.refused(user?.userId ?? null)
      return null
    }
    brake.succeeded(key)
    if (answer === 'outdated') await store.setPasswordHash(user.userId, await hasher.hash(password), null)
    return user
  }

  const begin = async (
    user: User,
    factors: readonly Factor[],
    address: string,
    userAgent?: string,
  ): Promise<SignedIn | null> => {
    const now = clock.now()
    const sessionId = secrets.newSessionId()
    const idHash = secrets.hashSessionId(sessionId)
    const { userId } = user
    const client = { device: userAgent === undefined ? '' : deviceName(userAgent), origin: coarseAddress(address) }
    const session: Session = { idHash, userId, client, startedAt: now, lastSeenAt: now, provenAt: now, factors }
    const people = deps.policy ?? sessionPolicy
    await store.sweepSessions(addMs(now, -people.absoluteMs), addMs(now, -people.idleMs))
    // One account is one screen: what was its session elsewhere is over.
    if (user.role === 'kiosk') tell(await store.endSessionsOf(userId))
    await store.addSession(session)
    if (user.role === 'admin' && !factors.includes('sso')) await deps.pastProvider?.(userId, now)
    const identity = identify({ session, user })
    return identity === null ? null : { sessionId, identity }
  }

  return {
    checkPassword,
    begin,

    async renew(sessionHash, factor) {
      const found = await store.session(sessionHash)
      if (found === null || identify(found) === null) return null
      const { session, user } = found
      const now = clock.now()
      const sessionId = secrets.newSessionId()
      const renewed: Session = {
        ...session,
        idHash: secrets.hashSessionId(sessionId),
        lastSeenAt: now,
        provenAt: now,
        factors: [...new Set([...session.factors, factor])],
      }
      if (!(await store.renewSession(sessionHash, renewed))) return null
      moved.moved(sessionHash, renewed.idHash)
      const identity = identify({ session: renewed, user })
      return identity === null ? null : { sessionId, identity }
    },

    async signOut(sessionHash) {
      await store.endSession(sessionHash, clock.now())
      tell([sessionHash])
    },

    async authenticate(sessionId, quietMs = 0) {
      const found = await store.session(secrets.hashSessionId(sessionId))
      const identity = found === null ? null : identify(found)
      if (found !== null && identity !== null) await touch(found.session, addMs(clock.now(), -quietMs))
      return identity
    },

    hashOf: (sessionId) => secrets.hashSessionId(sessionId),

    async recheck(sessionHash) {
      const found = await store.session(moved.current(sessionHash))
      return found === null ? null : identify(found)
    },

    async active(sessionHash, at) {
      const found = await store.session(moved.current(sessionHash))
      if (found !== null && identify(found) !== null) await touch(found.session, at)
    },

    ended: tell,

    onSessionEnd(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

const addMs = (at: Instant, ms: number): Instant => instant(at + ms)
