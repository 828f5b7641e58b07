import { historyWords } from '#dashboard/core/history-words.ts'
import './styles/history.css'
import type { JSX } from 'preact'
import { historyRanges, historyViews, parseHistory } from '#dashboard/core/history-query.ts'
import type { HistoryQuery } from '#dashboard/core/history-query.ts'
import { HistoryEpisode } from './history-episode.tsx'
import { HistoryEpisodes } from './history-episodes.tsx'
import { HistoryFigures } from './history-figures.tsx'
import { historyHref } from './history-link.ts'
import { HistoryReplay } from './history-replay.tsx'
import { useApp } from './state/app-state.ts'

/** Closed episodes, what alarms cost and were worth, and the wall as it stood. */
export const HistoryPage = (): JSX.Element => {
  const app = useApp()
  const screen = app.screen.value
  const query = parseHistory('query' in screen ? screen.query : undefined, app.me.value?.demo === true)
  return (
    <div class="history">
      <HistoryBar query={query} />
      <View query={query} />
    </div>
  )
}

const View = ({ query }: { readonly query: HistoryQuery }): JSX.Element => {
  switch (query.view) {
    case 'figures':
      return <HistoryFigures query={query} />
    case 'episodes':
      return query.episode === null ? (
        <HistoryEpisodes query={query} />
      ) : (
        <HistoryEpisode key={query.episode} query={query} episodeId={query.episode} />
      )
    case 'replay':
      return <HistoryReplay query={query} />
  }
}

const HistoryBar = ({ query }: { readonly query: HistoryQuery }): JSX.Element => {
  const text = useApp().wordsWith(historyWords).past
  return (
    <div class="history-bar">
      <nav class="segments" aria-label={text.view}>
        {historyViews.map((view) => (
          <a
            key={view}
            href={historyHref({ ...query, view, episode: null })}
            aria-current={query.view === view ? 'page' : undefined}
          >
            {text.views[view]}
          </a>
        ))}
      </nav>
      {query.view !== 'replay' && query.episode === null && (
        <>
          <nav class="segments" aria-label={text.range}>
            {historyRanges.map((range) => (
              <a
                key={range}
                href={historyHref({ ...query, range })}
                aria-current={query.range === range ? 'true' : undefined}
              >
                {text.ranges[range]}
              </a>
            ))}
          </nav>
          <nav class="segments" aria-label={text.data}>
            {[false, true].map((simulated) => (
              <a
                key={String(simulated)}
                href={historyHref({ ...query, simulated })}
                aria-current={query.simulated === simulated ? 'true' : undefined}
              >
                {simulated ? text.simulated : text.real}
              </a>
            ))}
          </nav>
        </>
      )}
    </div>
  )
}
