import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import type { UserId } from '#domain/ids.ts'
import type { Clock, Scheduler } from '#domain/time.ts'
import { signHook } from '../adapters/hook-signer.ts'
import { createHttpOutgoing } from '../adapters/outgoing/http-outgoing.ts'
import { readPagingHooks } from '../adapters/paging-hooks-file.ts'
import { isOpenToAll } from '../adapters/private-files.ts'
import { createReceiptSeal } from '../adapters/receipt-seal.ts'
import { readOrMakeSecret } from '../adapters/secret-file.ts'
import { createSqlitePushDevices } from '../adapters/sqlite-push-devices.ts'
import type { Journal } from '../adapters/sqlite/open-journal.ts'
import { createWebPushSealer } from '../adapters/web-push-sealer.ts'
import type { ServerConfig } from '../config.ts'
import type { AccountStore } from '../core/accounts.ts'
import type { AuditedChange } from '../core/audit.ts'
import { DashboardChannel } from '../core/channels/dashboard-channel.ts'
import type { OpenPages } from '../core/channels/dashboard-channel.ts'
import { FanOut } from '../core/channels/fan-out.ts'
import { WebPushChannel } from '../core/channels/web-push-channel.ts'
import { WebhookChannel } from '../core/channels/webhook-channel.ts'
import { DeadMan } from '../core/dead-man.ts'
import type { HealthChecks } from '../core/health.ts'
import type { Log } from '../core/log.ts'
import type { OnCall } from '../core/on-call.ts'
import type { OnCallBook } from '../core/on-call-book.ts'
import type { PageReceipts } from '../core/page-receipts.ts'
import { isRealContact } from '../core/push-contact.ts'
import { PushDesk } from '../core/push-desk.ts'
import { isPushService } from '../core/push-services.ts'
import { hookReaches } from '../core/webhooks.ts'
import type { HookPeople } from '../core/webhooks.ts'
import type { AppDependencies } from '../http/dependencies.ts'
import { pagingChannelRoutes } from '../http/routes/paging-channels.ts'
import { pushRoutes } from '../http/routes/push.ts'
import { telephone, telephoneKeyRoutes } from '../http/routes/telephone-key.ts'

export interface PagingChannelsParts {
  readonly config: ServerConfig
  readonly database: Journal['database']
  readonly change: AuditedChange
  readonly accounts: Pick<AccountStore, 'userByName'>
  /** Null: nobody has a duty, so hooks of teams get nothing. */
  readonly onCall: (OnCall & Pick<OnCallBook, 'byName'>) | null
  readonly receipts: PageReceipts
  /** A test page got through to this person. */
  readonly reached: (userId: UserId) => void
  /** Null as long as the live feed is not up. */
  readonly openPages: () => OpenPages | null
  /** Where browsers reach this server; the first one is put into pages. */
  readonly origins: () => readonly string[]
  readonly clock: Clock
  readonly scheduler: Scheduler
  readonly log: Log
}

export interface PagingChannels extends Disposable {
  readonly channels: FanOut
  /** Devices of hers, and hooks that are hers or of a team she is on duty for: those of everybody say nothing of her. */
  addressesOf(userId: UserId): Promise<number>
  /** Whether a telephone of this person would ring. */
  canCall(userId: UserId): boolean
  /** For `AppDependencies.peopleRoutes`. */
  readonly routes: NonNullable<AppDependencies['peopleRoutes']>
  /** Starts looking at the channels and telling the watchdog; `checks`: what has to work. */
  start(checks: HealthChecks): void
}

/** Nobody reads mail there (RFC 2606), and push services of a demonstration on localhost do not mind. */
const nobodysContact = 'mailto:operator@infusion-watch.invalid'

/** Every way to reach a person, and the watchdog that is told while they can be reached. */
export const openPagingChannels = async (parts: PagingChannelsParts): Promise<PagingChannels> => {
  const { config, database, clock, scheduler, log } = parts
  const { paging, dataDir } = config
  const outgoing = createHttpOutgoing({ clock, scheduler, trustedHosts: paging.outgoingHosts })
  if (paging.hooksFile !== null && isOpenToAll(paging.hooksFile))
    log.warn({ file: paging.hooksFile }, 'everybody on this machine may read what pages are sent with: chmod 600')
  const hooks = paging.hooksFile === null ? [] : await readPagingHooks(paging.hooksFile, (url) => outgoing.allows(url))
  const contact = paging.pushContact ?? config.publicOrigins?.find(isRealContact) ?? nobodysContact
  if (contact === nobodysContact && config.publicOrigins !== null)
    log.warn({}, 'push services are told no real contact and may refuse pages: set PUSH_CONTACT')
  const sealer = createWebPushSealer(await readOrMakeSecret(join(dataDir, 'push-key')), contact)
  const seal = createReceiptSeal(await readOrMakeSecret(join(dataDir, 'push-receipt-key')))
  const devices = createSqlitePushDevices(database, parts.change)
  const people = peopleOf(parts)
  const origin = (): string => parts.origins()[0] ?? 'http://localhost'
  const webPush = new WebPushChannel({
    devices,
    sealer,
    receipts: seal,
    outgoing,
    start: () => `${origin()}/#/urgent`,
    clock,
    log,
  })
  const webhooks = new WebhookChannel({
    hooks,
    people,
    outgoing,
    sign: signHook,
    clock,
    site: config.siteName,
    wall: () => `${origin()}/#/`,
    callback: (id) => `${origin()}/api/v1/paging/calls/${encodeURIComponent(id)}/${seal.tokenFor(id, telephone)}`,
  })
  const channels = new FanOut([webPush, webhooks, new DashboardChannel(parts.openPages)], {
    clock,
    scheduler,
    blind: (thread) => seal.blind(thread),
    log,
  })
  const desk = new PushDesk({
    devices,
    sealer,
    seal,
    channel: webPush,
    receipts: parts.receipts,
    tested: (page, userId, delivery) => {
      channels.note(page, userId, [delivery])
      if (delivery.outcome.is === 'sent') parts.reached(userId)
    },
    allowsEndpoint: (url) => outgoing.allows(url) && isPushService(url, paging.outgoingHosts),
    clock,
    newId: randomUUID,
    log,
  })
  let deadMan: DeadMan | null = null
  return {
    channels,
    addressesOf: async (userId) => {
      const working = (await devices.ofUser(userId)).filter(({ goneAt }) => goneAt === null)
      const ofHers = hooks.filter(({ reach }) => reach.kind !== 'everybody')
      const own = await Promise.all(ofHers.map(({ reach }) => hookReaches(reach, userId, people)))
      return working.length + own.filter(Boolean).length
    },
    canCall: (userId) => webhooks.canCall(userId),
    routes: [
      pushRoutes(desk, clock),
      telephoneKeyRoutes(seal, parts.receipts),
      pagingChannelRoutes(
        () => channels.health(),
        () => deadMan?.report ?? null,
        clock,
      ),
    ],
    start: (checks) => {
      channels.start()
      const { deadman } = paging
      if (deadman === null) return
      deadMan = new DeadMan({
        checks,
        outgoing,
        url: deadman.url.reveal(),
        failUrl: deadman.failUrl?.reveal() ?? null,
        everyMs: deadman.everyMs,
        clock,
        scheduler,
        log,
      })
      deadMan.start()
    },
    [Symbol.dispose]: () => {
      channels[Symbol.dispose]()
      deadMan?.[Symbol.dispose]()
    },
  }
}

const peopleOf = ({ accounts, onCall, clock }: PagingChannelsParts): HookPeople => ({
  userId: async (name) => (await accounts.userByName(name))?.userId ?? null,
  nurse: (name) => onCall?.byName(name) ?? null,
  isOnDuty: (teamId, userId) => {
    const duty = onCall?.duty(teamId, clock.now())
    return [duty?.primary, duty?.backup, duty?.lead].some((person) => person?.userId === userId)
  },
})
