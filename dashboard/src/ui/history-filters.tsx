import type { JSX } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import { historyWords } from '#dashboard/core/history-words.ts'
import { outcomeWords } from '#dashboard/core/outcome-words.ts'
import { filterNames } from '#dashboard/core/history-query.ts'
import type { FilterName, HistoryQuery } from '#dashboard/core/history-query.ts'
import { FilterText } from './filter-text.tsx'
import { historyHref } from './history-link.ts'
import { useApp } from './state/app-state.ts'
import type { AppState } from './state/app-state.ts'

interface Choice {
  readonly value: string
  readonly text: string
}

const choices = (words: Readonly<Record<string, string>>): readonly Choice[] =>
  Object.entries(words).map(([value, text]) => ({ value, text }))

const choicesOf = (app: AppState, name: Exclude<FilterName, 'pumpId'>): readonly Choice[] => {
  const words = app.wordsWith(historyWords, outcomeWords)
  switch (name) {
    case 'code':
      return Object.entries(words.alarm)
        .map(([value, { name: text }]) => ({ value, text }))
        .toSorted((a, b) => a.text.localeCompare(b.text))
    case 'priority':
      return choices(words.priority)
    case 'class':
      return choices(words.resolveClass)
    case 'trait':
      return choices(words.past.traits)
  }
}

/** What is asked for; it stands in the address, so a link shows the same. `/` comes here. */
export const EpisodeFilters = ({ query }: { readonly query: HistoryQuery }): JSX.Element => {
  const app = useApp()
  const text = app.wordsWith(historyWords).past.filter
  const form = useRef<HTMLFormElement>(null)
  useSlash(form)
  const choose = (name: FilterName, value: string): void => {
    location.hash = historyHref({ ...query, filter: { ...query.filter, [name]: value } })
  }
  const isSet = filterNames.some((name) => query.filter[name] !== undefined)
  return (
    <form
      ref={form}
      class="episode-filters screen-only"
      aria-label={text.title}
      onSubmit={(event) => event.preventDefault()}
    >
      {(['code', 'priority', 'class', 'trait'] as const).map((name) => (
        <label key={name}>
          <span>{text[name]}</span>
          <select
            data-testid={`filter-${name}`}
            value={query.filter[name] ?? ''}
            onChange={(event) => choose(name, event.currentTarget.value)}
          >
            <option value="">{text.any}</option>
            {choicesOf(app, name).map((choice) => (
              <option key={choice.value} value={choice.value}>
                {choice.text}
              </option>
            ))}
          </select>
        </label>
      ))}
      <label>
        <span>{text.pumpId}</span>
        <FilterText value={query.filter.pumpId ?? ''} take={(pumpId) => choose('pumpId', pumpId)} />
      </label>
      {isSet && (
        <a class="btn" href={historyHref({ ...query, filter: {} })}>
          {text.clear}
        </a>
      )}
      <p class="hint">{app.wordsWith(historyWords).past.keys}</p>
    </form>
  )
}

const useSlash = (form: { readonly current: HTMLFormElement | null }): void => {
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey) return
      if (event.target instanceof HTMLElement && event.target.closest('input, textarea, select, dialog')) return
      event.preventDefault()
      form.current?.querySelector('select')?.focus()
    }
    addEventListener('keydown', press)
    return () => removeEventListener('keydown', press)
  }, [])
}
