import type { EpisodeId } from '#domain/ids.ts'
import type { Clock } from '#domain/time.ts'
import type { AlarmService } from '../alarm-service.ts'
import type { Log } from '../log.ts'
import type { AlarmSubject } from '../ports.ts'

export interface StorageAlarmDependencies {
  readonly alarms: Pick<AlarmService, 'system'>
  readonly clock: Clock
  readonly newEpisodeId: () => EpisodeId
  readonly log: Log
}

export type StorageTrouble = 'telemetry-store' | 'disk'

const troublesKnown = 2
const site: AlarmSubject = { kind: 'site' }

/** The server's own `storage-degraded`: one alarm of the site for everything that is wrong with its stores. */
export class StorageAlarm {
  readonly #deps: StorageAlarmDependencies
  readonly #troubles = new Map<StorageTrouble, string | null>()
  #raised = false
  #untold = false

  constructor(deps: StorageAlarmDependencies) {
    this.#deps = deps
  }

  /** Null: it is well. The alarm of an earlier start ends when everything has been found well. */
  set(trouble: StorageTrouble, text: string | null): void {
    if (this.#troubles.get(trouble) === text && !this.#untold) return
    this.#troubles.set(trouble, text)
    this.#untold = false
    this.#tell().catch((error: unknown) => {
      // Told again with the next look.
      this.#untold = true
      this.#deps.log.error({ err: error }, 'the state of the stores could not be stored as an alarm')
    })
  }

  async #tell(): Promise<void> {
    const { alarms, clock, newEpisodeId } = this.#deps
    const texts = [...this.#troubles.values()].filter((text) => text !== null)
    const at = clock.now()
    if (texts.length === 0) {
      const isKnown = this.#raised || this.#troubles.size === troublesKnown
      const command = { type: 'end-derived', at, code: 'storage-degraded', channelId: null } as const
      if (isKnown) await alarms.system([{ subject: site, command }])
      return
    }
    this.#raised = true
    await alarms.system([
      {
        subject: site,
        command: {
          type: 'raise-derived',
          at,
          episodeId: newEpisodeId(),
          code: 'storage-degraded',
          channelId: null,
          hubId: null,
          priority: null,
          delivering: null,
          text: texts.join('; '),
          unverifiedPumps: [],
          experimental: false,
          simulated: false,
        },
      },
    ])
  }
}
