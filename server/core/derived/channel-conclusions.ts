import type { ChannelPicture } from '#domain/derived/channel-watch.ts'
import type { DerivedPolicy } from '#domain/derived/policy.ts'
import { stopLevel } from '#domain/derived/stopped-early.ts'
import type { Level } from '#domain/derived/watched-sample.ts'
import type { ChannelId, PumpId } from '#domain/ids.ts'
import type { Conclusion } from './level-book.ts'

/** One alarm for little volume and for a line that closes: a nurse asks the same question. */
const underLevel = ({ deviation, pressure }: ChannelPicture, isRaisedHere: boolean): Level => {
  if (deviation.under === 'raised' || pressure.level === 'raised') return 'raised'
  // Raised before a restart: a quiet pressure proves no volume.
  const tellsNoVolume = deviation.provenMs === 0 && pressure.level === 'fine'
  return deviation.under === 'fine' || isRaisedHere || tellsNoVolume ? 'fine' : 'unknown'
}

const mL = (value: number): string => `${value < 1 ? value.toFixed(2) : value.toFixed(1)} mL`

/** All that a channel's picture says at `now`. */
export const channelConclusions = (
  { pumpId, channelId }: { readonly pumpId: PumpId; readonly channelId: ChannelId },
  picture: ChannelPicture,
  now: number,
  policy: DerivedPolicy,
  isUnderRaised: boolean,
): readonly Conclusion[] => {
  const { deviation, pressure, stop, clock } = picture
  const about = { pumpId, channelId }
  return [
    {
      ...about,
      code: 'under-infusion',
      level: underLevel(picture, isUnderRaised),
      text: () =>
        deviation.under === 'raised'
          ? `the pump says it runs, and its counter lacks at least ${mL(deviation.lackingMl)}`
          : `the line pressure rises evenly, as when a line closes: ${Math.round(pressure.points.at(-1)?.mmHg ?? 0)} mmHg`,
    },
    {
      ...about,
      code: 'over-infusion',
      level: deviation.over,
      text: () => `the counter shows at least ${mL(deviation.excessMl)} more than the pump says it delivers`,
    },
    {
      ...about,
      code: 'stopped-early',
      level: stopLevel(stop, now, policy),
      text: () => `stopped with ${Math.round(stop.leftPart * 100)} % of the program left, and the pump does not call`,
    },
    {
      pumpId,
      channelId: null,
      code: 'clock-untrusted',
      level: clock.level,
      text: () =>
        `the pump's clock is ${Math.round(Math.abs(clock.aheadMs ?? 0) / 1000)} s ${(clock.aheadMs ?? 0) > 0 ? 'ahead' : 'behind'}`,
    },
  ]
}
