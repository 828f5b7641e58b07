import type { JSX } from 'preact'
import { pumpWords } from '#dashboard/core/pump-words.ts'
import { delayChain } from '#dashboard/core/delay-chain.ts'
import { nbsp } from '#dashboard/core/format.ts'
import { useApp } from './state/app-state.ts'
import type { ChannelModel } from './state/pump-model.ts'

const seconds = (ms: number): string => `${ms < 0 ? '−' : '+'}${(Math.abs(ms) / 1000).toFixed(1)}${nbsp}s`

/** Where the newest sample has been, each step with what it took. */
export const ChartFoot = ({ pump }: { readonly pump: ChannelModel }): JSX.Element => {
  const app = useApp()
  const { formats } = app
  const words = app.wordsWith(pumpWords)
  const chain = delayChain({
    pumpClockAt: pump.sample.value?.pumpClockAt ?? null,
    sampledAt: pump.sampledAt.value,
    receivedAt: pump.receivedAt.value,
    shownAt: pump.shownAt.value,
  })
  const delay = (ms: number | null): string => (ms === null ? words.pump.chain.unknown : seconds(ms))
  return (
    <dl class="chain" data-testid="delay-chain" aria-label={words.pump.chain.title}>
      <div>
        <dt>{words.pump.chain.pump}</dt>
        <dd>{chain.pumpClock === null ? words.notReported : formats.value.timeSeconds(chain.pumpClock)}</dd>
      </div>
      <div>
        <dt>{words.pump.chain.hub}</dt>
        <dd>
          <bdi>{delay(chain.hubMs)}</bdi>
        </dd>
      </div>
      <div>
        <dt>{words.pump.chain.server}</dt>
        <dd>
          <bdi>{delay(chain.serverMs)}</bdi>
        </dd>
      </div>
      <div>
        <dt>{words.pump.chain.screen}</dt>
        <dd>
          <bdi>{app.live.frozen.value ? words.notLive.noLink : delay(chain.screenMs)}</bdi>
        </dd>
      </div>
    </dl>
  )
}
