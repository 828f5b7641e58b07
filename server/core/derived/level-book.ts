import type { AlarmCode } from '#domain/alarm/codes.ts'
import type { Level } from '#domain/derived/watched-sample.ts'
import type { ChannelId, EpisodeId, HubId, PumpId } from '#domain/ids.ts'
import { pumpSubject } from '../link-commands.ts'
import type { SubjectCommand } from '../link-commands.ts'

/** Something that was concluded about a pump, and how it stands. */
export interface Conclusion {
  readonly pumpId: PumpId
  readonly channelId: ChannelId | null
  readonly code: AlarmCode
  readonly level: Level
  /** Why, in words for a nurse; kept as it was when it was raised. */
  readonly text: () => string
}

/** What else an alarm of a pump says. */
export interface PumpMarks {
  readonly hubId: HubId | null
  readonly experimental: boolean
  readonly simulated: boolean
}

interface Told {
  readonly level: 'fine' | 'raised'
  readonly conclusion: Conclusion
  readonly text: string
}

const keyOf = ({ pumpId, channelId, code }: Pick<Conclusion, 'pumpId' | 'channelId' | 'code'>): string =>
  `${pumpId}/${channelId ?? ''}/${code}`

/** Levels as they are, and as the alarm service has been told: what differs is told again until it is stored. */
export class LevelBook {
  readonly #wanted = new Map<string, Told>()
  readonly #told = new Map<string, 'fine' | 'raised'>()

  /** The newest word on it. `unknown` changes nothing. */
  set(conclusion: Conclusion): void {
    const { level } = conclusion
    if (level === 'unknown') return
    const key = keyOf(conclusion)
    if (this.#wanted.get(key)?.level === level) return
    this.#wanted.set(key, { level, conclusion, text: level === 'raised' ? conclusion.text() : '' })
  }

  isRaised(conclusion: Omit<Conclusion, 'level' | 'text'>): boolean {
    return this.#wanted.get(keyOf(conclusion))?.level === 'raised'
  }

  /** Commands for all that is to be told; call `stored` when they are. */
  due(
    at: number,
    newEpisodeId: () => EpisodeId,
    marksOf: (pumpId: PumpId) => PumpMarks,
  ): { readonly commands: readonly SubjectCommand[]; readonly stored: () => void } {
    const due = [...this.#wanted].filter(([key, { level }]) => this.#told.get(key) !== level)
    return {
      commands: due.map(([, told]) => commandOf(told, at, newEpisodeId, marksOf)),
      stored: () => {
        for (const [key, { level }] of due) this.#told.set(key, level)
      },
    }
  }
}

const commandOf = (
  { level, conclusion, text }: Told,
  at: number,
  newEpisodeId: () => EpisodeId,
  marksOf: (pumpId: PumpId) => PumpMarks,
): SubjectCommand => {
  const { pumpId, channelId, code } = conclusion
  const subject = pumpSubject(pumpId)
  if (level === 'fine') return { subject, command: { type: 'end-derived', at, code, channelId } }
  const command = {
    type: 'raise-derived',
    at,
    episodeId: newEpisodeId(),
    code,
    channelId,
    priority: null,
    delivering: code === 'under-infusion' || code === 'over-infusion',
    text,
    unverifiedPumps: [],
    ...marksOf(pumpId),
  } as const
  return { subject, command }
}
