import { systemClock, systemScheduler } from '../adapters/system-time.ts'
import { StatusServer } from '../adapters/status-server/status-server.ts'
import { gatewayErrorCode, messageOf } from '../core/errors.ts'
import { pause } from '../core/waiting.ts'
import { openAnnunciatorCommand } from './local-alarm.ts'
import { ownNames, pageFiles } from './status-page.ts'
import type { Logger } from 'pino'
import type { Config } from '../config.ts'
import type { PlainStatus } from '../core/plain-view.ts'

export interface UnfitHubParts {
  readonly config: Config
  readonly version: string
  readonly log: Logger
  readonly signal: AbortSignal
  readonly error: unknown
}

/** Long enough to be heard, short enough that a disk that came back is soon used again, ms. */
const soundForMs = 60_000

/** Whether the start failed for a fault of this box, rather than for a second gateway or a wrong setting, which somebody sees who has just typed it. */
export const isUnfit = (error: unknown): boolean => {
  const code = gatewayErrorCode(error)
  return code === null || code === 'GW_OUTBOX_UNFIT' || code === 'GW_OUTBOX_FULL' || code === 'GW_OUTBOX_READONLY'
}

/**
 * A hub that cannot keep alarms must not be a silent hub: it sounds for a minute and says so on its page. Then it ends, and its
 * supervisor starts it anew: it sounds again, or it works.
 */
export const unfitHub = async ({ config, version, log, signal, error }: UnfitHubParts): Promise<void> => {
  await using undo = new AsyncDisposableStack()
  const clock = systemClock
  const endsAt = clock.monotonic() + soundForMs
  const { command } = config.annunciator
  const parts = { config, scheduler: systemScheduler, log }
  const annunciator = command === undefined ? null : undo.use(await openAnnunciatorCommand(command, parts))
  let sounding = true
  const page = (): PlainStatus => ({
    hub: config.name,
    simulated: false,
    version,
    mood: 'call',
    title: { text: 'Call your nurse line now' },
    lines: [
      { text: 'This box has a fault: it cannot keep alarms, and does not watch the pump.' },
      { text: 'The pump’s own alarm still works. Rely on it.' },
    ],
    nurseLine: config.nurseLine ?? null,
    also: [],
    pumps: [],
    sounding,
    quietForMs: sounding ? null : Math.max(0, endsAt - clock.monotonic()),
    sounder: annunciator === null ? null : 'works',
  })
  const server = undo.use(
    new StatusServer({
      host: config.statusHost,
      port: config.statusPort,
      ownNames: ownNames(config.statusHost),
      files: await pageFiles(),
      healthy: () => false,
      status: async () => ({ title: messageOf(error) }),
      page,
      metrics: async () => ({ type: 'text/plain; version=0.0.4', text: '' }),
      quiet: () => {
        sounding = false
        annunciator?.sound(false)
      },
      scheduler: systemScheduler,
      troubleChanged: (trouble) => {
        if (trouble === null) log.info({ host: config.statusHost, port: server.port }, 'status page listens')
      },
    }),
  )
  log.fatal({ reason: messageOf(error) }, 'this box is unfit: sounding, then ending')
  annunciator?.sound(true)
  const over = AbortSignal.any([signal, AbortSignal.timeout(soundForMs)])
  await Promise.all([server.run(over), pause(systemScheduler, soundForMs, over)])
}
